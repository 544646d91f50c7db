"""Look at a chest film with the nets of `models/thorax-1`: outlines, and what kind of film it is.

The nets were trained on films of an analytic phantom only (see the card beside them). Outlines are
good for upright, unmirrored frontal films; whether a film is one is said beside them.
"""

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import WorkbenchError
from workbench.radiograph.thorax_frame import Window, on_film, preview, squared, unzoomed, window_of
from workbench.radiograph.thorax_outline import BITS, agreement, heart_leans, tidied, width_ratio
from workbench.screening.onnx import runtime

MODEL: Final = "thorax-1"
FILES: Final = ("gate.onnx", "outline.onnx")
GRID: Final = 256  # pixels a side on which views are averaged
VIEWS: Final = ((192, 1.0), (256, 1.0), (256, 1.1), (256, 1.2))  # pixels a side, distance
GATE_SIDE: Final = 96
OUTLINE_SIDE: Final = 192
# Log odds for one width of the lungs: leaning differs by 0.16 between a film and its mirror image,
# with a deviation of 0.06, on films of nih256 (docs/validation/thorax-net.md).
LEANING: Final = 40.0
THREADS: Final = 2  # more gain nothing on nets this small
EMPTY: Final = 1e-3  # range of grey below which there is nothing to outline
SMALLEST: Final = 32  # pixels a side; what is smaller holds no outline

Grey = NDArray[np.float32]


class NotAFilm(WorkbenchError):
    """What was given is no picture that a net can look at."""


@dataclass(frozen=True, slots=True, eq=False)
class ThoraxLook:
    """What the nets saw on one film.

    Attributes
    ----------
    masks : ndarray of uint8, shape (rows, columns)
        At the film's own size; bits 1 right lung, 2 left lung, 4 heart, 8 right clavicle, 16 left
        clavicle; sides are the patient's.
    ctr_spread : float or None
        Standard error of the cardiothoracic ratio from the net's views; None when not measurable.
    agreement : float
        0 to 1, how far the views agree on lungs and heart.
    turned : ndarray of float32, shape (4,)
        Probability that the film is turned by 0, 90, 180, 270 degrees clockwise.
    inverted, mirrored, frontal_chest : float
        Probability of exchanged grey, of exchanged sides, of being a frontal chest film at all.
    child : float or None
        Probability of a small child.
    model, sha256 : str
        Name and digest of the weights.
    """

    masks: NDArray[np.uint8]
    ctr_spread: float | None
    agreement: float
    turned: NDArray[np.float32]
    inverted: float
    mirrored: float
    frontal_chest: float
    child: float | None
    model: str
    sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class _Nets:
    gate: Any  # sessions of onnxruntime
    outline: Any
    sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class FilmKind:
    """What the gate's net says of one film; probabilities as in `ThoraxLook`."""

    turned: NDArray[np.float32]
    inverted: float
    mirrored: float
    frontal: float
    child: float


@cache
def _nets() -> _Nets:
    """Load both nets, once in a process."""
    folder = resources.files("workbench") / "models" / MODEL
    weights = [(folder / name).read_bytes() for name in FILES]
    options = runtime().SessionOptions()
    options.intra_op_num_threads = min(THREADS, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    gate, outline = (
        runtime().InferenceSession(data, options, providers=["CPUExecutionProvider"])
        for data in weights
    )
    return _Nets(gate, outline, hashlib.sha256(b"".join(weights)).hexdigest())


def digest() -> str:
    """SHA-256 of the weights in use."""
    return _nets().sha256


def look(grey: Grey) -> ThoraxLook:
    """Look at one whole film of any size, 0 to 1 as it is shown, dense parts bright."""
    if grey.ndim != 2 or min(grey.shape) < SMALLEST:
        raise NotAFilm(
            f"a film of shape {grey.shape}; give rows and columns, {SMALLEST} pixels or more a side"
        )
    small = preview(grey)
    if not np.isfinite(small).all():
        raise NotAFilm("the film holds values that are not finite; leave padding at 0")
    nets, window = _nets(), window_of(small)
    kind = kind_of(small, window)
    views = _views(small, window, nets)
    mean = tidied(np.mean(views, axis=0, dtype=np.float32))
    masks = np.zeros(grey.shape, np.uint8)
    for bit, chances in zip(BITS, mean, strict=True):
        masks |= on_film(chances, window, grey.shape) * np.uint8(bit)
    return ThoraxLook(
        masks=masks,
        ctr_spread=_spread(views),
        agreement=agreement(views, mean),
        turned=kind.turned,
        inverted=kind.inverted,
        mirrored=kind.mirrored,
        frontal_chest=kind.frontal,
        child=kind.child,
        model=MODEL,
        sha256=nets.sha256,
    )


def _views(small: Grey, window: Window, nets: _Nets) -> list[NDArray[np.float32]]:
    """Chances of the five organs on one grid, from several distances."""
    low, high = np.percentile(small, [1, 99])
    if high - low < EMPTY:
        return [np.zeros((len(BITS), GRID, GRID), np.float32) for _ in VIEWS]
    found = []
    for side, zoom in VIEWS:
        film = squared(small, window, side, zoom)[None, None]
        [logits] = nets.outline.run(None, {"film": film})
        found.append(unzoomed(_chance(logits[0]), GRID, zoom))
    return found


def _spread(views: list[NDArray[np.float32]]) -> float | None:
    """Standard error of the ratio over the views; None when one of them has no heart or lung."""
    ratios = [width_ratio(tidied(view)) for view in views]
    seen = [ratio for ratio in ratios if ratio is not None]
    if len(seen) < len(views):
        return None
    return float(np.std(seen, ddof=1) / np.sqrt(len(seen)))


def kind_of(small: Grey, window: Window) -> FilmKind:
    """Ask the gate's net in all four positions and both polarities, then at the mirror."""
    nets = _nets()
    film = squared(small, window, GATE_SIDE)
    turns = [np.rot90(film, -turn) for turn in range(4)]
    asked = np.stack([*turns, *(-turn for turn in turns)])[:, None]
    said = _asked(asked, nets)
    # turned by j more, a film that is turned by k says k + j
    turn = np.mean([np.roll(row[:4], -(number % 4)) for number, row in enumerate(said)], axis=0)
    inverted = float(np.mean(said[:4, 4]) - np.mean(said[4:, 4])) / 2
    upright = np.rot90(film, int(np.argmax(turn))) * np.float32(-1 if inverted > 0 else 1)
    pair = _asked(np.stack([upright, upright[:, ::-1]])[:, None], nets)
    leaning = _leaning(small, window, int(np.argmax(turn)), inverted > 0)
    return FilmKind(
        turned=np.asarray(np.exp(turn - turn.max()) / np.exp(turn - turn.max()).sum(), np.float32),
        inverted=float(_chance(np.float32(inverted))),
        mirrored=float(_chance(np.float32((pair[0, 5] - pair[1, 5]) / 2 - LEANING * leaning))),
        frontal=float(_chance(pair[:, 6].mean())),
        child=float(_chance(pair[:, 7].mean())),
    )


def _leaning(small: Grey, window: Window, turn: int, inverted: bool) -> float:
    """How much more the heart leans left on the film than on its mirror image, set upright."""
    film = np.rot90(squared(small, window, OUTLINE_SIDE), turn)
    film = film * np.float32(-1 if inverted else 1)
    both = np.stack([film, film[:, ::-1]])[:, None]
    [logits] = _nets().outline.run(None, {"film": np.ascontiguousarray(both)})
    straight, mirror = (heart_leans(tidied(_chance(one))) for one in logits)
    return straight - mirror


def _asked(films: NDArray[np.float32], nets: _Nets) -> NDArray[np.float32]:
    [said] = nets.gate.run(None, {"film": np.ascontiguousarray(films, np.float32)})
    return np.asarray(said, np.float32)


def _chance(logit: NDArray[np.float32] | np.float32) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))), np.float32)
