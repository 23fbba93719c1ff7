"""The same nets and steps in PyTorch: prints one line of JSON. Arguments: the model, how many steps on random images.

Quantizes weights (one clipping scalar per layer) and activations (8 bits, per sample) as bnmc does and learns straight
through; without augmentation, which favours it.
"""
import json
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional


def rounded(value, levels, offset, step):
    """The nearest of so many levels, as values that gradients pass through."""
    exact = (torch.clamp(torch.round(value / step - offset), -levels / 2, levels / 2 - 1) + offset) * step
    return value + (exact - value).detach()


class Dense(nn.Linear):
    def __init__(self, inputs, units, bits):
        super().__init__(inputs, units, bias=False)
        self.levels = 2**bits
        self.clip = float(self.weight.detach().abs().mean()) * 3

    def forward(self, x):
        x = x / torch.sqrt(torch.mean(x * x, dim=-1, keepdim=True) + 1e-8)
        scale = 127.0 / torch.clamp(x.abs().amax(dim=-1, keepdim=True), min=1e-5)
        x = x + (torch.clamp(torch.round(x * scale), -128, 127) / scale - x).detach()
        return functional.linear(x, rounded(self.weight, self.levels, 0.5, 2 * self.clip / self.levels))


class Convolution(nn.Conv2d):
    """Sums of whole numbers, which the shift brings back."""

    def __init__(self, inputs, outputs, groups, last=False):
        super().__init__(inputs, outputs, 3, groups=groups, bias=False)
        self.clip = float(self.weight.detach().abs().mean()) * 3
        self.last = last

    def forward(self, x):
        levels = rounded(self.weight, 256, 0, self.clip / 128) * (128 / self.clip)
        x = functional.relu(functional.conv2d(x, levels, groups=self.groups))
        return x if self.last else x / 16 + (torch.floor(x / 16) - x / 16).detach()


def fc_mnist():
    widths = [256, 64, 64, 64, 10]
    layers = [part for inputs, units in zip(widths, widths[1:]) for part in (Dense(inputs, units, 4), nn.ReLU())]
    return nn.Sequential(nn.Flatten(), *layers[:-1]), 256


def cnn_mnist(channels=64):
    features = [
        Convolution(1, channels, 1),
        Convolution(channels, channels, channels),
        nn.MaxPool2d(2),
        Convolution(channels, channels, channels, last=True),
        nn.MaxPool2d(2),
    ]
    classifier = [Dense(4 * channels, 96, 2), nn.ReLU(), Dense(96, 64, 4), nn.ReLU(), Dense(64, 10, 4)]
    return nn.Sequential(*features, nn.Flatten(), *classifier), 64


def main(model, steps):
    torch.manual_seed(1)
    net, batch = {"fc_mnist": fc_mnist, "cnn_mnist": cnn_mnist}[model]()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
    images = torch.randint(-127, 128, (batch, 1, 16, 16)).float()
    labels = torch.randint(0, 10, (batch,))
    for step in range(-(steps // 5), steps):
        if step == 0:
            begin = time.perf_counter()
        optimizer.zero_grad()
        functional.cross_entropy(net(images), labels).backward()
        optimizer.step()
    seconds = (time.perf_counter() - begin) / (steps * batch)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds * 120000, "peak": peak, "version": torch.__version__}))


main(sys.argv[1], int(sys.argv[2]))
