"""Make the films, train both nets, write them with their card: `make train-thorax`."""

import argparse
import logging
import time
import tomllib
from pathlib import Path

import gate
import outline
import torch
from card import write_card
from export import write
from films import OTHER, Films, made

LOG = logging.getLogger("thorax")
HELD_BACK = 100  # films that no net is trained on
THREADS = 2


def part(films: Films, rows: torch.Tensor) -> Films:
    """Some of the films."""
    return Films(films.layers[rows], films.labels[rows], films.kinds[rows])


def main() -> None:
    """Train as the recipe says and write the folder of the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("films", type=Path, help="folder for the layered films; kept for next time")
    parser.add_argument("model", type=Path, help="folder of the model")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(THREADS)
    recipe = tomllib.loads(asked.recipe.read_text("utf-8"))
    began = time.monotonic()
    films = made(recipe["films"], asked.films)
    order = torch.arange(len(films.kinds))
    unseen, seen = part(films, order[:HELD_BACK]), part(films, order[HELD_BACK:])
    asked.model.mkdir(parents=True, exist_ok=True)
    chests = part(seen, torch.nonzero(seen.kinds != OTHER).flatten())
    net = outline.train_outline(chests.layers, chests.labels, recipe["outline"])
    test = part(unseen, torch.nonzero(unseen.kinds != OTHER).flatten())
    overlap = outline.scored(net, test.layers, test.labels, recipe["outline"]).mean(0).tolist()
    write(net, recipe["outline"]["side"], asked.model / "outline.onnx", any_size=True)
    LOG.info("outline: Dice on unseen phantoms %s", [round(d, 3) for d in overlap])
    door = gate.train_gate(seen, recipe["gate"])
    right = gate.scored(door, unseen, recipe["gate"])
    write(door, recipe["gate"]["side"], asked.model / "gate.onnx", any_size=False)
    LOG.info("gate: right on unseen phantoms %s", right)
    write_card(asked.model, recipe, overlap, right)
    LOG.info("done in %.0f s", time.monotonic() - began)


if __name__ == "__main__":
    main()
