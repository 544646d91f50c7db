"""Train the net that outlines lungs, heart and clavicles."""

from pathlib import Path
from typing import Any

import torch
from exposing import Dice, exposed, normalised
from learning import Plan, taught
from nets import OutlineNet
from placing import framed, placed
from torch import Tensor
from torch.nn import functional as F

BITS = (1, 2, 4, 8, 16)


def outlines_of(labels: Tensor) -> Tensor:
    """Bits of uint8 labels as channels, shape (batch, 5, rows, columns)."""
    return torch.stack([((labels & bit) > 0).float() for bit in BITS], 1)


def batch(layers: Tensor, labels: Tensor, side: int, dice: Dice) -> tuple[Tensor, Tensor]:
    """Films as the net sees them and what is to be outlined on them."""
    bodies, wanted = placed(layers.float(), outlines_of(labels), side, dice)
    film, wanted = framed(exposed(bodies, dice), wanted, dice)
    return normalised(film), wanted


def overlap(said: Tensor, wanted: Tensor) -> Tensor:
    """Dice of every organ of every film, shape (batch, 5)."""
    both = (said * wanted).sum((2, 3))
    return (2 * both + 1) / (said.sum((2, 3)) + wanted.sum((2, 3)) + 1)


def loss_of(logits: Tensor, wanted: Tensor, clavicles: float) -> Tensor:
    """Cross entropy and overlap together; `clavicles` is the weight of their overlap."""
    weights = torch.tensor([1.0, 1.0, 1.0, clavicles, clavicles])
    missed = ((1 - overlap(logits.sigmoid(), wanted)) * weights).mean()
    return F.binary_cross_entropy_with_logits(logits, wanted) + missed


def train_outline(layers: Tensor, labels: Tensor, plan: dict[str, Any], draft: Path) -> OutlineNet:
    """Train from a random start through the stages of the recipe on layered films of chests."""
    torch.manual_seed(int(plan["seed"]))
    net = OutlineNet().to(memory_format=torch.channels_last)
    for number, stage in enumerate(plan["stage"]):
        dice = Dice(torch.Generator().manual_seed(stage["seed"]))
        size, sides, weight = plan["batch"], stage["sides"], stage["clavicles"]

        def step(done: int, size: int = size, sides: list[int] = sides, weight: float = weight,
                 dice: Dice = dice) -> Tensor:  # fmt: skip
            pick = torch.randint(len(layers), (size,), generator=dice.source)
            side = sides[done % len(sides)]  # films are looked at in several sizes
            film, wanted = batch(layers[pick], labels[pick], side, dice)
            return loss_of(net(film.contiguous(memory_format=torch.channels_last)), wanted, weight)

        stop = stage.get("stop", stage["steps"])
        taught(net, Plan(stage["steps"], stop, stage["rate"], draft), step)
        torch.save(net.state_dict(), draft.with_name(f"{draft.stem}-{number + 1}.pt"))
    return net


def scored(net: OutlineNet, layers: Tensor, labels: Tensor, plan: dict[str, float]) -> Tensor:
    """Dice of each organ on films the net has not seen, shape (n_films, 5)."""
    dice = Dice(torch.Generator().manual_seed(int(plan["seed"]) + 1))
    found = []
    with torch.inference_mode():
        for first in range(0, len(layers), 20):
            part = slice(first, first + 20)
            film, wanted = batch(layers[part], labels[part], int(plan["side"]), dice)
            found.append(overlap((net(film) > 0).float(), wanted))
    return torch.cat(found)
