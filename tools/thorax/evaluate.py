"""Measure a model on real films and write the tables of docs/validation/thorax-net.md.

Run by the environment of the package: `python tools/thorax/evaluate.py DATA`, where DATA holds the
folders nih256 and covid_v7. Nothing of DATA is ever trained on.
"""

import argparse
import csv
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from workbench.radiograph.thorax_frame import preview, window_of
from workbench.screening.thorax_net import FilmKind, kind_of, look

Grey = NDArray[np.float32]
Z = 1.96
EVERY = 2  # of the films that are turned, exchanged and mirrored, one in this many
PARTS = ("gate", "ratio", "v7", "cost")
BIG = (3500, 2600)  # nine megapixels


def wilson(hits: int, count: int) -> str:
    """Share with its 95 % interval after Wilson."""
    if not count:
        return "no case"
    share = hits / count
    middle = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z * np.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2)) / (1 + Z**2 / count)
    ends = f"{100 * (middle - half):.1f} to {100 * (middle + half):.1f}"
    return f"{100 * share:.1f} % ({ends}), {hits} of {count}"


def spread(values: Sequence[float], of: Callable[[NDArray[np.float64]], float] = np.mean) -> str:
    """A statistic with its 95 % bootstrap interval."""
    held = np.asarray(values, np.float64)
    draw = np.random.default_rng(1)
    again = [of(held[draw.integers(0, len(held), len(held))]) for _ in range(1000)]
    return f"{of(held):.3f} ({np.percentile(again, 2.5):.3f} to {np.percentile(again, 97.5):.3f})"


def auc(values: Sequence[float], truth: Sequence[bool]) -> str:
    """Area under the curve with its interval after Hanley and McNeil."""
    held, ill = np.asarray(values), np.asarray(truth, bool)
    sick, well = held[ill], held[~ill]
    if not len(sick) or not len(well):
        return "no case"
    above = (sick[:, None] > well[None]).mean() + 0.5 * (sick[:, None] == well[None]).mean()
    one, two = above / (2 - above), 2 * above**2 / (1 + above)
    spare = above * (1 - above) + (len(sick) - 1) * (one - above**2)
    error = np.sqrt((spare + (len(well) - 1) * (two - above**2)) / (len(sick) * len(well)))
    low, high = max(0.0, above - Z * error), min(1.0, above + Z * error)
    return f"{above:.3f} ({low:.3f} to {high:.3f}), {len(sick)} of {len(held)} positive"


def nih(folder: Path) -> Iterator[tuple[Grey, dict[str, str]]]:
    """Films of nih256 with their labels."""
    held = np.load(folder / "images.npz")
    rows = {
        r["Image Index"]: r for r in csv.DictReader((folder / "labels.csv").open(encoding="utf-8"))
    }
    for film, name in zip(held["images"], held["names"], strict=True):
        row = rows.get(str(name)) or rows.get(f"{name}.png")
        if row:
            yield film.astype(np.float32) / 255, row


def is_large(row: dict[str, str]) -> bool:
    """Whether a text of the film names an enlarged heart."""
    return "Cardiomegaly" in row["Finding Labels"]


def ratio(masks: NDArray[np.uint8]) -> float | None:
    """Width of the heart over the width of the lungs together."""
    lungs, heart = ((masks & bits > 0).any(0).nonzero()[0] for bits in (3, 4))
    if not len(lungs) or not len(heart):
        return None
    return float((heart[-1] - heart[0] + 1) / (lungs[-1] - lungs[0] + 1))


def _kind(film: Grey) -> FilmKind:
    small = preview(film)
    return kind_of(small, window_of(small))


def gate_rows(films: list[Grey]) -> list[str]:
    """What the gate finds on films turned, exchanged and mirrored on purpose."""
    plain = [_kind(film) for film in films]
    some = films[::EVERY]

    def asked(change: Callable[[Grey], Grey]) -> list[FilmKind]:
        return [_kind(np.ascontiguousarray(change(film))) for film in some]

    turned = [(k, asked(lambda film, k=k: np.rot90(film, -k))) for k in (1, 2, 3)]
    exchanged, flipped = asked(lambda film: 1 - film), asked(lambda film: film[:, ::-1])
    n, m = len(films), len(some)

    def share(name: str, found: int, false: int, total: int = m) -> str:
        return f"| {name} | {wilson(found, total)} | {wilson(false, n)} |"

    off = sum(int(k.turned.argmax()) != 0 for k in plain)
    right = [sum(int(k.turned.argmax()) == turn for k in kinds) for turn, kinds in turned]
    found = [
        f"| turned by {90 * turn}° | {wilson(r, m)} | |"
        for (turn, _), r in zip(turned, right, strict=True)
    ]
    return [
        "| | found | falsely, on films as they are |", "|---|---|---|",
        *found, share("turned, together", sum(right), off, 3 * m),
        share("grey exchanged", sum(k.inverted > 0.5 for k in exchanged),
              sum(k.inverted > 0.5 for k in plain)),
        share("mirrored", sum(k.mirrored > 0.5 for k in flipped),
              sum(k.mirrored > 0.5 for k in plain)),
        share("mirrored, asked at 0.8", sum(k.mirrored > 0.8 for k in flipped),
              sum(k.mirrored > 0.8 for k in plain)),
        f"| frontal chest | {wilson(sum(k.frontal > 0.5 for k in plain), n)} | |",
    ]  # fmt: skip


def ratio_rows(films: list[Grey], rows: list[dict[str, str]]) -> list[str]:
    """The ratio against the label cardiomegaly, by view."""
    seen = [look(film) for film in films]
    ratios = [ratio(one.masks) for one in seen]
    sick = [is_large(row) for row in rows]
    lines = ["| films | area under the curve | without a ratio |", "|---|---|---|"]
    for view in ("PA", "AP", "both"):
        of = [k for k, row in enumerate(rows) if view in {"both", row["View Position"]}]
        with_ratio = [k for k in of if ratios[k] is not None]
        area = auc([ratios[k] or 0 for k in with_ratio], [sick[k] for k in with_ratio])
        lines.append(f"| {view} | {area} | {wilson(len(of) - len(with_ratio), len(of))} |")
    held = [r for r in ratios if r is not None]
    errors = [one.ctr_spread for one in seen if one.ctr_spread is not None]
    odd = sum(not 0.3 < r < 0.85 for r in held)
    agreed = [one.agreement for one in seen]
    lines += ["", f"Ratio outside 0.3 to 0.85: {wilson(odd, len(held))}."]
    for name, values, low in (
        ("Agreement of the views", agreed, 5),
        ("Standard error", errors, 95),
    ):
        ends = np.percentile(values, [50, low])
        lines.append(f"{name}: median {ends[0]:.4f}, {low}th percentile {ends[1]:.4f}.")
    return lines


def gap_of(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What lies between both lungs of a mask, row by row."""
    middle = int(np.nonzero(mask)[1].mean()) if mask.any() else mask.shape[1] // 2
    gap = np.zeros_like(mask)
    for number, row in enumerate(mask):
        right, left = row[:middle].nonzero()[0], row[middle:].nonzero()[0]
        if len(right) and len(left):
            gap[number, right[-1] + 1 : middle + left[0]] = True
    return gap & ~mask


def v7_rows(folder: Path) -> list[str]:
    """Lungs and heart together against the masks of V7."""
    whole, open_gap = [], []
    for path in sorted(folder.glob("*_lungs.png")):
        source = next(folder.glob(path.stem.removesuffix("_lungs") + ".*"), None)
        if source is None or source == path:
            continue
        film = Image.open(source).convert("L")
        mask = np.asarray(Image.open(path).convert("L").resize(film.size, Image.NEAREST)) > 127
        said = look(np.asarray(film, np.float32) / 255).masks & 7 > 0
        without = said & ~gap_of(mask)
        whole.append(2 * (said & mask).sum() / (said.sum() + mask.sum()))
        open_gap.append(2 * (without & mask).sum() / (without.sum() + mask.sum()))
    return [
        "| | mean | median | worst | films |", "|---|---|---|---|---|",
        *(f"| {name} | {spread(values)} | {np.median(values):.3f} | {min(values):.3f} | "
          f"{len(values)} |" for name, values in (("as drawn", whole), ("gap left out", open_gap))),
    ]  # fmt: skip


def cost(films: list[Grey]) -> str:
    """Time and memory of one look at a film of nine megapixels."""
    film = np.asarray(Image.fromarray(films[0]).resize(BIG[::-1], Image.BILINEAR), np.float32)
    times = []
    for _ in range(5):
        began = time.perf_counter()
        look(film)
        times.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    middle = np.median(times)
    return f"best {min(times):.2f} s, median {middle:.2f} s; peak of the process {peak:.0f} MB"


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument(
        "--every", type=int, default=1, help="of films without enlarged heart, one in so many"
    )
    parser.add_argument("--only", nargs="+", default=PARTS, choices=PARTS)
    asked = parser.parse_args()
    films, rows = (list(part) for part in zip(*nih(asked.data / "nih256"), strict=True))
    kept = [
        k for k, row in enumerate(rows) if is_large(row) or k % asked.every == 0
    ]  # a sample of the healthy leaves the area under the curve as it is
    films, rows = [films[k] for k in kept], [rows[k] for k in kept]
    lines = [f"Films of nih256: {len(films)}; weights {look(films[0]).sha256[:16]}.", ""]
    if "gate" in asked.only:
        lines += ["### How a film lies", "", *gate_rows(films), ""]
    if "ratio" in asked.only:
        lines += ["### Ratio against the label cardiomegaly", "", *ratio_rows(films, rows), ""]
    if "v7" in asked.only:
        title = "### Lungs and heart against the masks of V7"
        lines += [title, "", *v7_rows(asked.data / "covid_v7"), ""]
    if "cost" in asked.only:
        lines += [f"One look at {BIG[0]} x {BIG[1]} pixels: {cost(films)}."]
    print("\n".join(lines))  # noqa: T201 - this is what the program is for


if __name__ == "__main__":
    main()
