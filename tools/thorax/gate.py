"""Train the small net that says how a film lies, whether it is a chest at all, and whose."""

from pathlib import Path

import torch
from exposing import Dice, exposed, normalised
from films import ADULT, CHILD, OTHER, Films
from learning import Plan, taught
from nets import GateNet
from placing import framed, placed
from torch import Tensor
from torch.nn import functional as F

TURNED, EXCHANGED = 0.4, 0.3  # share of films that are turned, and whose grey is exchanged
MIRROR_SEEN = 0.3  # weight of the mirror on films that do not lie as the gate looks for it


def batch(films: Films, pick: Tensor, side: int, dice: Dice) -> tuple[Tensor, Tensor]:
    """Films as the gate may meet them, and (turn, inverted, mirrored, kind) of each."""
    n = len(pick)
    nothing = torch.zeros(n, 1, *films.layers.shape[-2:])
    bodies, none = placed(films.layers[pick].float(), nothing, side, dice)
    film = exposed(bodies, dice)
    # the picture is turned and mirrored before it is framed or after: both are met
    turn = torch.randint(1, 4, (n,), generator=dice.source)
    turn = turn * (torch.rand(n, generator=dice.source) < TURNED)
    flip = torch.rand(n, generator=dice.source) < 0.5
    film = torch.stack([
        torch.rot90(torch.flip(one, [2]) if over else one, -int(k), [1, 2])
        for one, over, k in zip(film, flip, turn, strict=True)
    ])  # fmt: skip
    film, _ = framed(film, none, dice)
    exchanged = torch.rand(n, generator=dice.source) < EXCHANGED
    film = torch.where(exchanged.view(n, 1, 1, 1), -film, film)
    if dice.happens(0.3):  # frames and letters put on after the grey was exchanged
        film, _ = framed(film, none, dice)
    truth = torch.stack([turn, exchanged.long(), flip.long(), films.kinds[pick].long()], 1)
    return normalised(film), truth


def loss_of(logits: Tensor, truth: Tensor) -> Tensor:
    """Cross entropies of everything that is asked of a film."""
    turn, exchanged, flip, kind = truth.unbind(1)
    chest = (kind != OTHER).float()
    lies = chest * torch.where((turn == 0) & (exchanged == 0), 1.0, MIRROR_SEEN)

    def asked(column: int, wanted: Tensor, weight: Tensor) -> Tensor:
        each = F.binary_cross_entropy_with_logits(
            logits[:, column], wanted.float(), reduction="none"
        )
        return (each * weight).sum() / weight.sum().clamp(min=1)

    turns = F.cross_entropy(logits[:, :4], turn, reduction="none")
    every = torch.ones_like(chest)
    return (
        (turns * chest).sum() / chest.sum().clamp(min=1)
        + asked(4, exchanged, chest)
        + 2.5
        * asked(5, flip, lies)  # the hardest: weak signs, and half of the films do not show them
        + asked(6, kind != OTHER, every)
        + 1.5 * asked(7, kind == CHILD, chest)
    )


def train_gate(films: Films, plan: dict[str, float], draft: Path) -> GateNet:
    """Train from a random start, as the recipe says; a quarter of each batch is no chest."""
    torch.manual_seed(int(plan["seed"]))
    dice = Dice(torch.Generator().manual_seed(int(plan["seed"])))
    net = GateNet().to(memory_format=torch.channels_last)
    chests = torch.nonzero(films.kinds != OTHER).flatten()
    others = torch.nonzero(films.kinds == OTHER).flatten()
    size, side = int(plan["batch"]), int(plan["side"])

    def step(_: int) -> Tensor:
        some = [
            pool[torch.randint(len(pool), (count,), generator=dice.source)]
            for pool, count in ((chests, size - size // 4), (others, size // 4))
        ]
        film, truth = batch(films, torch.cat(some), side, dice)
        film = film.contiguous(memory_format=torch.channels_last)
        logits = net(film)
        return loss_of(logits, truth)

    steps = int(plan["steps"])
    taught(net, Plan(steps, int(plan.get("stop", steps)), plan["rate"], draft), step)
    return net


def scored(net: GateNet, films: Films, plan: dict[str, float]) -> dict[str, float]:
    """Share of right answers on films the net has not seen, one look each."""
    dice = Dice(torch.Generator().manual_seed(int(plan["seed"]) + 1))
    said, truth = [], []
    with torch.inference_mode():
        for pick in torch.arange(len(films.kinds)).split(25):
            film, wanted = batch(films, pick, int(plan["side"]), dice)
            said.append(net(film))
            truth.append(wanted)
    logits, wanted = torch.cat(said), torch.cat(truth)
    chest = wanted[:, 3] != OTHER
    upright = chest & (wanted[:, 0] == 0) & (wanted[:, 1] == 0)

    def right(found: Tensor, column: int, among: Tensor) -> float:
        return float((found == wanted[:, column])[among].float().mean())

    return {
        "turned": right(logits[:, :4].argmax(1), 0, chest),
        "inverted": right((logits[:, 4] > 0).long(), 1, chest),
        "mirrored": right((logits[:, 5] > 0).long(), 2, upright),
        "frontal": float(((logits[:, 6] > 0) == chest).float().mean()),
        "child": float(((logits[:, 7] > 0) == (wanted[:, 3] == CHILD))[chest].float().mean()),
        "films": float(len(chest)),
        "adults": float((wanted[:, 3] == ADULT).sum()),
    }
