"""The card of a model: where it comes from, what it is good for, what it is not."""

import hashlib
import json
from pathlib import Path
from typing import Any

ORGANS = ("lung_right", "lung_left", "heart", "clavicle_right", "clavicle_left")
FILES = ("gate.onnx", "outline.onnx")
CARD = '''\
# Written by `make train-thorax`; measurements on real films: docs/validation/thorax-net.md
name = "{name}"
licence = "Apache-2.0"
purpose = "outlines of lungs, heart and clavicles on upright frontal chest films; kind of film"
regulatory = "measurement; research and teaching until registered; judges no disease"
digest = "{digest}" # of gate.onnx and outline.onnx, one after the other

[data]
source = "analytic phantom of this project: workbench/phantoms/layers_*.py; random start"
real_images = 0
human_labels = 0
[data.films]
{films}

[training]
program = "tools/thorax, torch 2.13.0 on the processor"
[training.outline]
{outline}
[training.gate]
{gate}

[files]
{files}

[input]
outline = "1st to 99th percentile on -0.5 to 0.5, dense parts bright; sides multiples of 64"
gate = "the same at 96 x 96, asked in four positions and both polarities"

[output]
outline = "logits: right lung, left lung, heart, right, left clavicle (patient's sides)"
gate = "logits: turned by 0, 90, 180, 270 degrees clockwise, inverted, mirrored, frontal, child"

# On phantoms that were held back; they say that the training worked, not how real films fare.
[metrics.outline_dice]
{dice}
[metrics.gate_right]
{right}

[limits]
text = """
Good for erect frontal films of adults. Clavicles are places, not measurements. A lung that is
opaque as a whole or collapsed is outlined as the space it should fill, a small effusion is not. On
AP, portable and obese films, in small children and behind large effusions the outlines of the heart
are guesses. Lateral, turned, mirrored or inverted films must be kept out first. No reader has
outlined a film for it.
"""
'''


def value_of(value: object) -> str:
    """One value of TOML."""
    if isinstance(value, list):
        return f"[{', '.join(value_of(one) for one in value)}]"
    if isinstance(value, dict):
        inside = ", ".join(f"{name} = {value_of(one)}" for name, one in value.items())
        return f"{{ {inside} }}"
    return f"{value:.4g}" if isinstance(value, float) else json.dumps(value)


def rows(values: dict[str, Any]) -> str:
    """Lines of TOML."""
    return "\n".join(f"{name} = {value_of(value)}" for name, value in values.items())


def write_card(
    folder: Path, recipe: dict[str, Any], dice: list[float], right: dict[str, float]
) -> None:
    """Write `card.toml` beside the weights."""
    weights = [(folder / name).read_bytes() for name in FILES]
    digests = [hashlib.sha256(data).hexdigest() for data in weights]
    text = CARD.format(
        name=recipe["name"],
        digest=hashlib.sha256(b"".join(weights)).hexdigest(),
        films=rows(recipe["films"]),
        outline=rows(recipe["outline"]),
        gate=rows(recipe["gate"]),
        files=rows({f'"{n}"': d for n, d in zip(FILES, digests, strict=True)}),
        dice=rows(dict(zip(ORGANS, dice, strict=True))),
        right=rows(right),
    )
    (folder / "card.toml").write_text(text, "utf-8")
