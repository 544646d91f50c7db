"""Where the body lies on the film: turned, scaled, bent, cut off by blades, laid in a frame."""

import math

import torch
from exposing import Dice
from torch import Tensor
from torch.nn import functional as F

# How far films are moved: degrees (standard deviation), zoom, stretch, shift, bending.
TILT, ZOOM, STRETCH, SHIFT, BEND = 5.0, (0.68, 1.22), 0.19, 0.15, 0.03


def placed(layers: Tensor, outlines: Tensor, side: int, dice: Dice) -> tuple[Tensor, Tensor]:
    """Move every film of a batch a little, its outlines with it, onto a grid of `side` pixels."""
    n = len(layers)
    angle = dice.noise(n) * math.radians(TILT)
    low, high = (math.log(z) for z in ZOOM)
    zoom = torch.exp(dice.each(n, low, high).flatten())
    stretch = torch.exp(dice.each(n, -STRETCH, STRETCH).flatten())
    across, down = (2 * dice.each(n, -SHIFT, SHIFT).flatten() for _ in range(2))
    cos, sin = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    rows = [torch.stack([cos * stretch, -sin, across], 1)]
    rows.append(torch.stack([sin * stretch, cos, down], 1))
    grid = F.affine_grid(torch.stack(rows, 1), [n, 1, side, side], align_corners=False)
    if dice.happens(0.6):
        bend = F.interpolate(dice.noise(n, 2, 5, 5), size=(side, side), mode="bicubic")
        grid = grid + bend.permute(0, 2, 3, 1) * dice.each(n, 0, BEND)
    layers = F.grid_sample(layers, grid, padding_mode="border", align_corners=False)
    return layers.clamp(min=0), F.grid_sample(outlines, grid, align_corners=False)


def framed(film: Tensor, outlines: Tensor, dice: Dice) -> tuple[Tensor, Tensor]:
    """Close blades or pad some films with black, white or grey; nothing is outlined there."""
    n, _, rows, columns = film.shape
    share = torch.tensor([0.13, 0.13, 0.15, 0.15]).view(1, 4)
    edge = torch.rand(n, 4, generator=dice.source) * share * dice.some(n, 0.4).view(n, 1)
    edge = edge * (torch.rand(n, 4, generator=dice.source) < 0.75)
    at_row = (torch.arange(rows) + 0.5).view(1, 1, rows, 1) / rows
    at_column = (torch.arange(columns) + 0.5).view(1, 1, 1, columns) / columns
    near = edge.view(n, 4, 1, 1)
    inside = (at_row > near[:, 0:1]) & (at_row < 1 - near[:, 1:2])
    inside = inside & (at_column > near[:, 2:3]) & (at_column < 1 - near[:, 3:4])
    least = film.amin((1, 2, 3), keepdim=True)
    most = film.amax((1, 2, 3), keepdim=True)
    pick = dice.each(n, 0, 1)
    shade = torch.where(pick < 0.5, least, torch.where(pick < 0.75, torch.zeros(()), most))
    shade = torch.where(pick > 0.9, (least + most) * 0.5, shade)
    return torch.where(inside, film, shade), outlines * inside
