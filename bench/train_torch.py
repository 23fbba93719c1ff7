"""The same net and step in PyTorch: prints one line of JSON. Arguments: the number of epochs of 120000 random images.

Quantizes weights (4bitsym, one clipping scalar per layer) and activations (8 bits, per sample) as bnmc does and learns
straight through; without augmentation, which favours it.
"""
import json
import resource
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional

BATCH, IMAGES, WIDTHS = 128, 120000, [256, 64, 64, 64, 10]


class Dense(nn.Linear):
    def forward(self, x):
        x = x / torch.sqrt(torch.mean(x * x, dim=-1, keepdim=True) + 1e-8)
        scale = 127.0 / torch.clamp(x.abs().amax(dim=-1, keepdim=True), min=1e-5)
        x = x + (torch.clamp(torch.round(x * scale), -128, 127) / scale - x).detach()
        step = self.clip / 8
        weights = (torch.clamp(torch.round(self.weight / step - 0.5), -8, 7) + 0.5) * step
        return functional.linear(x, self.weight + (weights - self.weight).detach())


def main(epochs):
    torch.manual_seed(1)
    layers = []
    for inputs, units in zip(WIDTHS, WIDTHS[1:]):
        dense = Dense(inputs, units, bias=False)
        dense.clip = float(dense.weight.detach().abs().mean()) * 3
        layers += [dense, nn.ReLU()]
    net = nn.Sequential(*layers[:-1])
    optimizer = torch.optim.Adam(net.parameters(), lr=0.002)
    images = torch.randint(-127, 128, (IMAGES, WIDTHS[0])).float() / 127
    labels = torch.randint(0, WIDTHS[-1], (IMAGES,))
    seconds = []
    for _ in range(epochs):
        begin = time.perf_counter()
        for chosen in torch.randperm(IMAGES).split(BATCH):
            optimizer.zero_grad()
            functional.cross_entropy(net(images[chosen]), labels[chosen]).backward()
            optimizer.step()
        seconds.append(time.perf_counter() - begin)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": statistics.median(seconds), "peak": peak, "version": torch.__version__}))


main(int(sys.argv[1]))
