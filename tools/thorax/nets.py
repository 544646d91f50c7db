"""The two nets: outlines of lungs, heart and clavicles, and what kind of film it is."""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

ORGANS = 5  # right lung, left lung, heart, right clavicle, left clavicle
FOLD = 4  # pixels a side that the first layer takes as channels
# What the gate's logits mean, in order.
GATE = ("turn_0", "turn_90", "turn_180", "turn_270", "inverted", "mirrored", "frontal", "child")


def pair(before: int, after: int) -> nn.Sequential:
    """Two convolutions, each with normalisation."""
    layers: list[nn.Module] = []
    for width in (before, after):
        layers += [
            nn.Conv2d(width, after, 3, padding=1, bias=False),
            nn.BatchNorm2d(after),
            nn.ReLU(inplace=True),
        ]
    return nn.Sequential(*layers)


class OutlineNet(nn.Module):
    """A U-Net that works on pixels folded into channels: sides must be multiples of 64."""

    def __init__(self, widths: tuple[int, ...] = (32, 48, 64, 96, 112)) -> None:
        super().__init__()
        before = (FOLD * FOLD, *widths)
        self.down = nn.ModuleList(pair(a, b) for a, b in zip(before, widths, strict=False))
        back = widths[::-1]
        self.up = nn.ModuleList(pair(a + b, b) for a, b in pairwise(back))
        self.out = nn.Conv2d(widths[0], ORGANS * FOLD * FOLD, 1)

    def forward(self, film: Tensor) -> Tensor:
        """Logits, shape (batch, 5, rows, columns), of films of shape (batch, 1, rows, columns)."""
        x = F.pixel_unshuffle(film, FOLD)
        kept: list[Tensor] = []
        for level in self.down:
            if kept:
                x = F.max_pool2d(x, 2)
            x = level(x)
            kept.append(x)
        for level, beside in zip(self.up, kept[-2::-1], strict=True):
            wide = F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
            x = level(torch.cat([wide, beside], 1))
        return F.pixel_shuffle(self.out(x), FOLD)


class GateNet(nn.Module):
    """A small classifier with one logit for each row of `GATE`: sides must be multiples of 32."""

    def __init__(self, widths: tuple[int, ...] = (24, 40, 64, 96, 128)) -> None:
        super().__init__()
        before = (4, *widths)
        self.down = nn.ModuleList(pair(a, b) for a, b in zip(before, widths, strict=False))
        self.drop = nn.Dropout(0.15)
        self.out = nn.Linear(2 * widths[-1] + widths[-2], len(GATE))

    def forward(self, film: Tensor) -> Tensor:
        """Logits, shape (batch, 8), of films of shape (batch, 1, rows, columns)."""
        x = F.pixel_unshuffle(film, 2)
        finer = x
        for number, level in enumerate(self.down):
            if number:
                finer, x = x, F.max_pool2d(x, 2)
            x = level(x)
        seen = [x.mean((2, 3)), x.amax((2, 3)), finer.mean((2, 3))]
        return self.out(self.drop(torch.cat(seen, 1)))
