"""Make the films, train both nets, write them with their card: `make train-thorax`."""

import argparse
import logging
import time
import tomllib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import gate
import outline
import torch
from card import write_card
from export import write
from films import MIXED, OTHER, Films, made

LOG = logging.getLogger("thorax")
HELD_BACK = 30  # films that no net is trained on


def part(films: Films, rows: torch.Tensor) -> Films:
    """Some of the films."""
    return Films(films.layers[rows], films.labels[rows], films.kinds[rows])


def chests(films: Films) -> Films:
    """The films that have outlines."""
    return part(films, torch.nonzero(films.kinds != OTHER).flatten())


def train(name: str, asked: argparse.Namespace) -> list[float] | dict[str, float]:
    """Train one of the nets on one core and write it; say how it fares on unseen phantoms."""
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s {name}: %(message)s")
    torch.set_num_threads(1)  # two nets learn side by side: the sums come out alike every time
    recipe = tomllib.loads(asked.recipe.read_text("utf-8"))
    films, plan = made(recipe["films"], asked.films), recipe[name]
    order, draft = torch.arange(len(films.kinds)), asked.films / f"{name}.pt"
    unseen, seen = part(films, order[:HELD_BACK]), part(films, order[HELD_BACK:])
    path = asked.model / f"{name}.onnx"
    if name == "outline":
        mixed = sum(recipe["films"][kind] for kind in MIXED)
        known, test = chests(part(films, order[HELD_BACK:mixed])), chests(unseen)
        net = outline.train_outline(known.layers, known.labels, plan, draft)
        write(net, plan["side"], path, any_size=True)
        return outline.scored(net, test.layers, test.labels, plan).mean(0).tolist()
    door = gate.train_gate(seen, plan, draft)
    write(door, plan["side"], path, any_size=False)
    return gate.scored(door, unseen, plan)


def main() -> None:
    """Make the films, train both nets side by side, write the folder of the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("films", type=Path, help="folder for the layered films; kept for next time")
    parser.add_argument("model", type=Path, help="folder of the model")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    recipe = tomllib.loads(asked.recipe.read_text("utf-8"))
    began = time.monotonic()
    made(recipe["films"], asked.films)
    asked.model.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        overlap, right = pool.map(train, ("outline", "gate"), (asked, asked))
    LOG.info("on unseen phantoms: Dice %s, right %s", overlap, right)
    write_card(asked.model, recipe, overlap, right)
    LOG.info("done in %.0f s", time.monotonic() - began)


if __name__ == "__main__":
    main()
