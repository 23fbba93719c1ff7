"""Makes golden.json: what Pillow does to synthetic images, for compiler/catalog/image/pillow.test.ts.

Run with any Python 3 that has Pillow:  python3 make.py > golden.json

`affine` follows the documentation of torchvision.transforms.functional.affine, with Pillow doing the resampling;
`elastic` is a direct, unoptimised double-precision reading of torchvision.transforms.ElasticTransform (one
two-dimensional convolution, then grid_sample without aligned corners), because PyTorch is too large to ask for.
"""

import base64
import json
import math
import sys

import PIL
from PIL import Image


def random_bytes(count, seed):
    """Marsaglia's xorshift32, its upper byte."""
    state = seed
    result = bytearray()
    for _ in range(count):
        state ^= (state << 13) & 0xFFFFFFFF
        state ^= state >> 17
        state ^= (state << 5) & 0xFFFFFFFF
        result.append(state >> 24)
    return bytes(result)


def noise(height, width, seed):
    return Image.frombytes("L", (width, height), random_bytes(height * width, seed))


def blobs(height, width, seed):
    """Soft strokes on black, like ink."""
    draws = [byte / 255 for byte in random_bytes(12, seed)]
    image = Image.new("L", (width, height))
    for y in range(height):
        for x in range(width):
            value = 0.0
            for i in range(0, 12, 3):
                dx = x - draws[i] * width
                dy = y - draws[i + 1] * height
                value = max(value, 300 * math.exp(-(dx * dx + dy * dy) / (4 + 30 * draws[i + 2])))
            image.putpixel((x, y), min(int(value), 255))
    return image


IMAGES = {
    "noise": noise(28, 28, 1),
    "more noise": noise(28, 28, 2),
    "blobs": blobs(28, 28, 3),
    "oblong": noise(17, 23, 4),
    "small": noise(8, 5, 5),
    "white": Image.new("L", (28, 28), 255),
}


def packed(image):
    return base64.b64encode(image.tobytes()).decode()


def resize(name, height, width):
    result = IMAGES[name].resize((width, height), Image.BILINEAR)
    return {"image": name, "height": height, "width": width, "result": packed(result)}


def rotate(name, degrees):
    return {"image": name, "degrees": degrees, "result": packed(IMAGES[name].rotate(degrees, Image.NEAREST))}


def affine(name, degrees=0.0, shift=(0, 0), zoom=1.0, shear=0.0):
    image = IMAGES[name]
    cx, cy = image.width * 0.5, image.height * 0.5
    rot, sx = math.radians(degrees), math.radians(shear)
    # Forward, without scale: rotation times shear of the vertical lines; its determinant is 1, so the inverse swaps.
    forward = [
        math.cos(rot), -math.cos(rot) * math.tan(sx) - math.sin(rot),
        math.sin(rot), -math.sin(rot) * math.tan(sx) + math.cos(rot),
    ]
    a, b, d, e = [value / zoom for value in (forward[3], -forward[1], -forward[2], forward[0])]
    c = a * (-cx - shift[0]) + b * (-cy - shift[1])
    f = d * (-cx - shift[0]) + e * (-cy - shift[1])
    result = image.transform(image.size, Image.AFFINE, (a, b, c + cx, d, e, f + cy), Image.NEAREST)
    return {"image": name, "rotate": degrees, "shift": shift, "zoom": zoom, "shear": shear, "result": packed(result)}


def reflect(i, size):
    if i < 0:
        return -i
    return 2 * (size - 1) - i if i >= size else i


def blur(field, height, width, sigma):
    half = (int(8 * sigma + 1) | 1) // 2
    line = [math.exp(-0.5 * (i / sigma) ** 2) for i in range(-half, half + 1)]
    total = sum(line)
    kernel = [[u * v / total / total for u in line] for v in line]
    return [
        sum(
            kernel[ky][kx] * field[reflect(y + ky - half, height) * width + reflect(x + kx - half, width)]
            for ky in range(2 * half + 1)
            for kx in range(2 * half + 1)
        )
        for y in range(height)
        for x in range(width)
    ]


def grid_sample(image, gx, gy):
    """Bilinear, zeros outside, corners not aligned; then torchvision's mask of what was inside."""
    x = ((gx + 1) * image.width - 1) / 2
    y = ((gy + 1) * image.height - 1) / 2
    value = inside = 0.0
    for column, weight_x in ((math.floor(x), math.floor(x) + 1 - x), (math.floor(x) + 1, x - math.floor(x))):
        for row, weight_y in ((math.floor(y), math.floor(y) + 1 - y), (math.floor(y) + 1, y - math.floor(y))):
            if 0 <= column < image.width and 0 <= row < image.height:
                value += weight_x * weight_y * image.getpixel((column, row))
                inside += weight_x * weight_y
    return round(value * inside)


def elastic(name, alpha, sigma, seed):
    image = IMAGES[name]
    height, width = image.height, image.width
    draws = random_bytes(2 * height * width, seed)
    fields = [[byte / 128 - 1 for byte in draws[: height * width]], [byte / 128 - 1 for byte in draws[height * width :]]]
    right, down = (blur(field, height, width, sigma) for field in fields)
    result = Image.new("L", image.size)
    for y in range(height):
        for x in range(width):
            gx = (2 * x - width + 1) / width + right[y * width + x] * alpha / height
            gy = (2 * y - height + 1) / height + down[y * width + x] * alpha / width
            result.putpixel((x, y), grid_sample(image, gx, gy))
    return {"image": name, "alpha": alpha, "sigma": sigma, "noise": base64.b64encode(draws).decode(), "result": packed(result)}


GOLDEN = {
    "pillow": PIL.__version__,
    "images": {name: {"height": i.height, "width": i.width, "bytes": packed(i)} for name, i in IMAGES.items()},
    "resize": [
        resize("noise", 16, 16),
        resize("blobs", 16, 16),
        resize("white", 16, 16),
        resize("noise", 12, 20),
        resize("noise", 28, 28),
        resize("noise", 3, 1),
        resize("oblong", 9, 30),
        resize("small", 20, 13),
    ],
    "rotate": [rotate(name, angle) for name in ("noise", "oblong") for angle in (0.25, -10.0, 9.999, 33.3, -77.7, 123.456, 1e-9, 0.0)],
    "affine": [
        affine("noise", degrees=7.123),
        affine("noise", degrees=-3.3, shift=(2, -1), zoom=0.937),
        affine("more noise", degrees=9.87, shift=(-3, 3), zoom=1.0999),
        affine("more noise", degrees=-0.001, shift=(1, 1), zoom=1.0),
        affine("blobs", degrees=-10.0, shift=(0, 2), zoom=1.05, shear=12.5),
        affine("noise", shear=-20.0),
        affine("noise", shift=(2, -3)),
        affine("noise", shift=(-28, 0)),
        affine("noise", zoom=0.9),
        affine("noise", zoom=1.1),
        affine("noise", zoom=0.95, shift=(1, 2)),
        affine("oblong", zoom=1.07),
        affine("oblong", zoom=0.91, shift=(-2, 1)),
        affine("oblong", degrees=5.5, shift=(2, 1), zoom=0.97, shear=3.0),
    ],
    "elastic": [elastic("noise", 40.0, 4.0, 11), elastic("blobs", 40.0, 2.0, 12), elastic("oblong", 25.0, 1.5, 13)],
}

json.dump(GOLDEN, sys.stdout, indent=1)
print()
