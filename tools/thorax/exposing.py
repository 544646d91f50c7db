"""From layers of a film to a picture as some machine might show it, drawn anew at every use."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass
class Dice:
    """Random numbers of one training run."""

    source: torch.Generator

    def each(self, count: int, low: float, high: float) -> Tensor:
        """One number for each film of a batch, shape (count, 1, 1, 1)."""
        return torch.rand(count, 1, 1, 1, generator=self.source) * (high - low) + low

    def one(self, low: float, high: float) -> float:
        """One number for a whole batch."""
        return float(torch.rand(1, generator=self.source)) * (high - low) + low

    def happens(self, share: float) -> bool:
        """Whether something happens to a whole batch."""
        return self.one(0, 1) < share

    def some(self, count: int, share: float) -> Tensor:
        """1 for the films of a batch it happens to, shape (count, 1, 1, 1)."""
        return (self.each(count, 0, 1) < share).float()

    def noise(self, *shape: int) -> Tensor:
        """Standard normal numbers."""
        return torch.randn(*shape, generator=self.source)


def blurred(x: Tensor, sigma: float) -> Tensor:
    """Gaussian blur, edges repeated."""
    half = max(1, int(1.5 * sigma + 0.5))
    at = torch.arange(-half, half + 1, dtype=torch.float32)
    kernel = torch.exp(-((at / sigma) ** 2) / 2)
    kernel /= kernel.sum()
    x = F.conv2d(F.pad(x, (half, half, 0, 0), mode="replicate"), kernel.view(1, 1, 1, -1))
    return F.conv2d(F.pad(x, (0, 0, half, half), mode="replicate"), kernel.view(1, 1, -1, 1))


def veil(x: Tensor, sigma: float) -> Tensor:
    """Wide blur, made cheap by a coarse grid."""
    small = F.interpolate(x, scale_factor=0.25, mode="area")
    small = blurred(small, sigma / 4)
    return F.interpolate(small, size=x.shape[-2:], mode="bilinear", align_corners=False)


def equalised(x: Tensor, tiles: int, clip: float, bins: int = 16) -> Tensor:
    """Local histogram equalisation with soft tiles, as image plates and consoles do."""
    level = (x.clamp(0, 1) * (bins - 1)).round().long()
    hot = F.one_hot(level[:, 0], bins).permute(0, 3, 1, 2).float()
    share = F.adaptive_avg_pool2d(hot, tiles).clamp(max=clip / bins)
    share = share + (1 - share.sum(1, keepdim=True)) / bins
    curve = F.interpolate(share.cumsum(1), size=x.shape[-2:], mode="bilinear", align_corners=False)
    return curve.gather(1, level)


def spread(x: Tensor, low: float, high: float) -> tuple[Tensor, Tensor]:
    """Two quantiles of each film, shape (batch, 1, 1, 1)."""
    some = x.reshape(len(x), -1)[:, ::7]
    ends = torch.quantile(some, torch.tensor([low, high]), dim=1)
    return ends[0].view(-1, 1, 1, 1), ends[1].view(-1, 1, 1, 1)


def normalised(x: Tensor) -> Tensor:
    """What the nets see: first to 99th percentile laid on -0.5 to 0.5."""
    low, high = spread(x, 0.01, 0.99)
    return ((x - low) / (high - low + 1e-4)).clamp(0, 1) - 0.5


def detector(layers: Tensor, dice: Dice) -> Tensor:
    """Attenuation as the detector reads it: beam quality, scatter, a toe."""
    n = len(layers)
    water, bone, metal = layers[:, 0:1], layers[:, 1:2], layers[:, 2:3]
    through = water * dice.each(n, 0.12, 0.24) + metal * dice.each(n, 0.2, 1.5)
    through = through + bone * dice.each(n, 0.12, 0.60) * dice.some(n, 0.96)
    beam = torch.exp(-through)
    beam = beam + dice.each(n, 0, 0.6) * dice.each(n, 0.1, 1) * veil(beam, dice.one(8, 26))
    return -torch.log(beam + dice.each(n, 0, 0.012))


def curved(x: Tensor, dice: Dice) -> Tensor:
    """A grey curve: gamma or the sigmoid of film, on the range of the body."""
    n = len(x)
    low, high = spread(x, 0.02, 0.99)
    x = (x - low) / (high - low + 1e-3)
    gamma = x.clamp(0, 1.3) ** torch.exp(dice.each(n, -0.9, 0.9))
    centre, slope = dice.each(n, 0.25, 0.7), dice.each(n, 3, 10)
    ends = torch.sigmoid(-centre * slope), torch.sigmoid((1 - centre) * slope)
    film = (torch.sigmoid((x - centre) * slope) - ends[0]) / (ends[1] - ends[0])
    return torch.where(dice.each(n, 0, 1) < 0.5, gamma, film)


def processed(x: Tensor, dice: Dice) -> Tensor:
    """Processing of consoles: equalised, sharpened, shaded."""
    n, side = len(x), x.shape[-1]
    if dice.happens(0.3):
        tiles = (2, 4, 8)[int(dice.one(0, 2.99))]
        share = dice.each(n, 0.2, 1.0) * dice.some(n, 0.85)
        x = (1 - share) * x + share * equalised(x, tiles, dice.one(1.5, 5))
    if dice.happens(0.5):
        x = x + dice.each(n, -0.4, 1.8) * (x - veil(x, dice.one(4, 22)))
    if dice.happens(0.25):
        x = x + dice.each(n, 0, 1.5) * (x - blurred(x, dice.one(1, 3)))
    if dice.happens(0.5):
        along = torch.linspace(-1, 1, side)
        x = x + dice.each(n, -0.2, 0.2) * along.view(1, 1, 1, -1)
        x = x + dice.each(n, -0.25, 0.25) * along.view(1, 1, -1, 1)
    if dice.happens(0.35):
        cloud = F.interpolate(dice.noise(n, 1, 4, 4), size=(side, side), mode="bicubic")
        x = x + cloud * dice.each(n, 0, 0.12)
    return x.clamp(-0.15, 1.25)


def exposed(layers: Tensor, dice: Dice) -> Tensor:
    """A picture for each film of a batch of layers, shape (batch, 1, rows, columns)."""
    n = len(layers)
    x = processed(curved(detector(layers, dice), dice), dice)
    ink = (layers[:, 3:4] * dice.each(n, 0.6, 1.4)).clamp(0, 1)
    shade = torch.where(dice.each(n, 0, 1) < 0.9, dice.each(n, 0.9, 1.25), dice.each(n, -0.2, 0.2))
    x = x * (1 - ink) + ink * shade
    if dice.happens(0.6):
        x = blurred(x, dice.one(0.35, 1.4))
    return x + dice.noise(*x.shape) * dice.each(n, 0, 0.035) * dice.some(n, 0.6)
