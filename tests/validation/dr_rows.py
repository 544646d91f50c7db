"""Rows of the report on chest films: gate, outlines, ratio, flags."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from dr_drawn import CODES, OPAQUE, drawn
from dr_films import ADULT, Known, received, screened
from ecg_figures import Figure, share_of
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from workbench.domain.context import PatientContext
from workbench.domain.errors import BadImage
from workbench.domain.finding import Screening
from workbench.formats.readers.dicom_dr import DicomDr
from workbench.phantoms.layers_disease import Hidden
from workbench.screening.dr import screen_film

SEEN = Path(__file__).with_name("dr_seen.toml")  # what was seen on films that were opened
NORMAL = "No Finding"
CARDIOMEGALY = "Cardiomegaly"
LUNGS_AND_HEART = 7
DRAWS = 1000
DRAWN = 40  # films of each disease
HALF, MARKED = 0.50, 0.60
FLAGGED = ("critical",)
TURNS = ((1, "rotated_270"), (2, "rotated_180"), (3, "rotated_90"))  # np.rot90 turns the other way
Results = Mapping[str, Screening]


def plain_results(films: Sequence[Known]) -> dict[str, Screening]:
    """What is said of every film as it is."""
    return {film.name: screened(film).said for film in films}


def _adults(films: Iterable[Known]) -> list[Known]:
    return [film for film in films if film.age is not None and film.age >= ADULT]


def gate_figures(films: Sequence[Known], plain: Results) -> list[Figure]:
    """False alarms of the gate on upright adult films, code by code, and children held back."""
    adults = _adults(films)
    found = [
        share_of(
            "gate.accepted", "adult films accepted",
            {f.name: plain[f.name].gate.accepted for f in adults}, target=0.95,
        )
    ]  # fmt: skip
    for code, target in (
        ("polarity_inverted", 0.02), ("rotated_90", None), ("rotated_180", None),
        ("rotated_270", None), ("mirrored_suspected", 0.05), ("not_chest", None),
        ("unsteady_outline", None), ("photo_or_screenshot", None), ("burned_in_text", None),
    ):  # fmt: skip
        outcomes = {f.name: code in plain[f.name].gate.codes for f in adults}
        found.append(
            share_of(f"false.{code}", f"{code} said falsely", outcomes, target=target, high=False)
        )
    turned = {
        f.name: any(c.startswith("rotated") for c in plain[f.name].gate.codes) for f in adults
    }
    found.append(share_of("false.turned", "any turn said falsely", turned, target=0.02, high=False))
    children = {
        f.name: not plain[f.name].gate.accepted
        for f in films
        if f.age is not None and f.age < ADULT
    }
    found.append(share_of("children", "films of children held back", children, target=1.0))
    return found


def turned_figures(films: Sequence[Known]) -> list[Figure]:
    """Films turned, inverted and mirrored by us: is it found?"""
    adults = _adults(films)
    found = []
    for times, code in TURNS:
        outcomes = {
            f.name: code in screened(f, np.rot90(f.grey, times)).said.gate.codes for f in adults
        }
        found.append(share_of(f"found.{code}", f"{code} found", outcomes, target=0.97))
    inverted = {
        f.name: "polarity_inverted" in screened(f, 255 - f.grey).said.gate.codes for f in adults
    }
    found.append(share_of("found.inverted", "inverted grey found", inverted, target=0.98))
    mirrored = {
        f.name: "mirrored_suspected" in screened(f, f.grey[:, ::-1]).said.gate.codes for f in adults
    }
    found.append(share_of("found.mirrored", "mirrored film suspected", mirrored, target=0.85))
    return found


def dice(one: np.ndarray, other: np.ndarray) -> float:
    """Overlap of two outlines."""
    return 2.0 * float((one & other).sum()) / max(float(one.sum() + other.sum()), 1.0)


def outline_figures(films: Sequence[Known]) -> list[Figure]:
    """Lungs and heart together against V7 outlines, which leave the gap of the middle open."""
    scores = []
    for film in films:
        masks = screened(film).masks()
        scores.append(dice((masks & LUNGS_AND_HEART) > 0, film.lungs))
    values = np.array(scores)
    ids = ("mean", "median", "worst")
    figures = zip(ids, (values.mean(), np.median(values), values.min()), strict=True)
    return [
        Figure(
            id=f"v7.{key}", what=f"V7 films, lungs and heart, Dice, {key}", n=len(values),
            value=float(value), unit="", target=0.79 if key == "mean" else None, slack=0.01,
        )
        for key, value in figures
    ]  # fmt: skip


def ratios(films: Iterable[Known], plain: Results) -> list[tuple[Known, float]]:
    """Adult films with a ratio."""
    found = []
    for film in _adults(films):
        numbers = {m.name: m.value for m in plain[film.name].measurements}
        if numbers["ctr"] is not None:
            found.append((film, numbers["ctr"]))
    return found


def auc(positive: np.ndarray, negative: np.ndarray) -> float:
    """Share of pairs in their order; ties count half."""
    more = (positive[:, None] > negative[None, :]).mean()
    return float(more + 0.5 * (positive[:, None] == negative[None, :]).mean())


def heart_figures(films: Sequence[Known], plain: Results) -> list[Figure]:
    """The ratio against the label cardiomegaly, and the limit of 0.50 on PA films."""
    known = ratios(films, plain)
    adults = _adults(films)
    named = {film.name for film, _ in known}
    found = [
        share_of(
            "ctr.given", "adult films with a ratio", {f.name: f.name in named for f in adults},
            target=None,
        )
    ]  # fmt: skip
    for view in ("PA", "AP"):
        values = [(CARDIOMEGALY in f.labels, v) for f, v in known if f.view == view]
        positive = np.array([v for is_large, v in values if is_large])
        negative = np.array([v for is_large, v in values if not is_large])
        if not positive.size or not negative.size:
            continue
        chance = np.random.default_rng(1)
        drawn = [
            auc(chance.choice(positive, positive.size), chance.choice(negative, negative.size))
            for _ in range(DRAWS)
        ]
        low, high = np.percentile(drawn, (2.5, 97.5))
        found.append(
            Figure(
                id=f"auc.{view}",
                what=(
                    f"AUC of the ratio, {view}, {positive.size} labelled of {len(values)}"
                    f" (bootstrap {low:.2f} to {high:.2f})"
                ),
                n=positive.size, value=auc(positive, negative), unit="", slack=0.02,
                target=0.82 if view == "PA" else None,
            )
        )  # fmt: skip
    pa = [(f, v) for f, v in known if f.view == "PA"]
    large = {f.name: v > HALF for f, v in pa if CARDIOMEGALY in f.labels}
    plainly = {f.name: v <= HALF for f, v in pa if CARDIOMEGALY not in f.labels}
    found.append(share_of("ctr.sensitivity", "PA, labelled, ratio above 0.50", large, target=None))
    found.append(
        share_of("ctr.specificity", "PA, not labelled, ratio up to 0.50", plainly, target=None)
    )
    marked = {f.name: v >= MARKED for f, v in pa if CARDIOMEGALY in f.labels}
    calm = {f.name: v < MARKED for f, v in pa if CARDIOMEGALY not in f.labels}
    return [
        *found,
        share_of("marked.sensitivity", "PA, labelled, ratio from 0.60 on", marked, target=None),
        share_of("marked.specificity", "PA, not labelled, ratio below 0.60", calm, target=None),
    ]


def normal_figures(films: Sequence[Known], plain: Results) -> list[Figure]:
    """Films without a finding that carry no critical flag, and those of the rest that do."""
    adults = _adults(films)
    quiet = {
        f.name: not any(x.severity in FLAGGED for x in plain[f.name].findings)
        for f in adults
        if NORMAL in f.labels
    }
    other = {
        f.name: not any(x.severity in FLAGGED for x in plain[f.name].findings)
        for f in adults
        if NORMAL not in f.labels
    }
    opened = set(tomllib.loads(SEEN.read_text("utf-8"))["opaque"])
    clear = {name: held for name, held in quiet.items() if name not in opened}
    return [
        share_of("normal.quiet", "no finding by label: no critical flag", quiet, target=0.98),
        share_of(
            "normal.clear",
            f"the same without {len(quiet) - len(clear)} whose opaque side was seen (notes)",
            clear,
            target=None,
        ),
        share_of("other.quiet", "some finding by label: no critical flag", other, target=None),
    ]


def opaque_figures(every: int) -> list[Figure]:
    """Drawn films with an opaque side, and drawn ones without."""
    count = max(4, DRAWN // every)
    found: dict[str, bool] = {}
    named: dict[str, bool] = {}
    sides: dict[str, bool] = {}
    for hidden in OPAQUE:
        for film, side in drawn(hidden, count):
            flags = [f for f in screened(film).said.findings if f.severity in FLAGGED]
            found[film.name] = bool(flags)
            if flags:
                named[film.name] = flags[0].code == CODES[hidden]
                sides[film.name] = flags[0].place["side"] == side
    quiet = {
        film.name: not any(f.severity in FLAGGED for f in screened(film).said.findings)
        for hidden in (Hidden.NOTHING, Hidden.SMALL_EFFUSION, Hidden.PNEUMOTHORAX)
        for film, _side in drawn(hidden, count // 2)
    }
    return [
        share_of("opaque.found", "opaque side flagged critical", found, target=0.95),
        share_of("opaque.named", "effusion or collapse told right, of those", named, target=None),
        share_of("opaque.side", "side told right, of those", sides, target=None),
        share_of("opaque.quiet", "no opaque side drawn: no critical flag", quiet, target=0.98),
    ]


def bad_input_figures(folder: Path) -> list[Figure]:
    """What is no upright adult chest film: held back, with a reason and without a finding."""
    outcomes: dict[str, bool] = {}
    for name, said in _bad(folder):
        outcomes[name] = not said.assessed and bool(said.reason) and not said.findings
    return [share_of("bad", "bad input: not assessed, a reason, no finding", outcomes, target=1.0)]


def _bad(folder: Path) -> Iterable[tuple[str, Screening]]:
    adult = PatientContext(age_years=50)
    for name in ("RG2", "RG3", "MG1"):
        for path in sorted((folder / "nema_wg04").glob(f"{name}*")):
            yield f"{path.name} labelled CHEST", _dicom(path, adult, part="CHEST")
    for path in sorted((folder / "derived").glob("2[02]*")):
        yield path.name, _dicom(path, adult)
    film = np.asarray(Picture.open(folder / "nih_png512" / "00002484_003.png").convert("L"))
    small = np.asarray(Picture.fromarray(film).resize((64, 64)))
    yield "64-pixel thumbnail", _array(small, adult)
    yield "all one value", _array(np.full((512, 512), 90, np.uint8), adult)
    yield "a child by its header", _array(film, PatientContext(age_years=3))
    yield "a side view by its header", _array(film, adult, view="LL")
    lettered = Picture.fromarray(film)
    words = "ZHANG SAN 1971-03-12\nID 20260112345\nTOWN HOSPITAL"
    ImageDraw.Draw(lettered).text((20, 20), words, 255, font=ImageFont.load_default(18))
    yield "burned-in text", _array(np.asarray(lettered), adult)
    screen = Picture.new("L", (1200, 800), 52)
    screen.paste(Picture.fromarray(film).resize((600, 600)), (400, 120))
    ImageDraw.Draw(screen).text((10, 10), "File  Edit  Tools  Window", 220)
    yield "screenshot of a PACS", _array(np.asarray(screen), adult)


def _dicom(path: Path, context: PatientContext, part: str | None = None) -> Screening:
    try:
        film = DicomDr().read({path.name: path.read_bytes()})
    except BadImage:
        raise ValueError(f"{path} does not decode: take another one for this row") from None
    if part is not None:
        film = replace(film, header=replace(film.header, body_part=part, view="", modality="DX"))
    return screen_film(film, context, path.name).said


def _array(grey: np.ndarray, context: PatientContext, view: str = "PA") -> Screening:
    return screen_film(received(grey, view), context, "made").said
