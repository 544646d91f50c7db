"""One way to train for both nets: a fixed number of steps, a cosine rate, averaged weights."""

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

LOG = logging.getLogger("thorax")
WARM_UP = 60  # steps
EVERY = 50  # steps between two drafts
AVERAGED = 0.99  # how much of the averaged weights stays at each step


@dataclass(frozen=True)
class Plan:
    """How long and how fast one net learns, and where drafts of its weights are kept.

    The rate falls over `steps`; `stop` is where the run ends, at the latest then.
    """

    steps: int
    stop: int
    rate: float
    draft: Path


def taught(net: nn.Module, plan: Plan, loss_of: Callable[[int], Tensor]) -> None:
    """Train a net in place; it ends with the average of its weights over the last steps."""
    steps, rate = plan.steps, plan.rate
    optimiser = torch.optim.AdamW(net.parameters(), rate, weight_decay=1e-4)
    kept = {name: value.clone() for name, value in net.state_dict().items()}
    running = math.nan
    net.train()
    for step in range(plan.stop):
        share = step / steps
        for group in optimiser.param_groups:
            fall = 0.5 * (1 + math.cos(math.pi * share)) + 0.01
            group["lr"] = rate * min(1, (step + 1) / WARM_UP) * fall
        loss = loss_of(step)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        _average(kept, net, min(AVERAGED, step / (step + 20)))
        running = loss.item() if math.isnan(running) else 0.98 * running + 0.02 * loss.item()
        if (step + 1) % EVERY == 0:
            torch.save(kept, plan.draft)
            LOG.info("step %d of %d: loss %.4f", step + 1, plan.stop, running)
    net.load_state_dict(kept)
    net.eval()


def _average(kept: dict[str, Tensor], net: nn.Module, share: float) -> None:
    with torch.no_grad():
        for name, value in net.state_dict().items():
            if value.dtype.is_floating_point:
                kept[name].mul_(share).add_(value, alpha=1 - share)
            else:
                kept[name] = value.clone()
