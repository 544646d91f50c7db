"""Where the screening of a film looked: shapes that the viewer draws when the reader asks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbench.domain.finding import Finding, Measurement, Screening
from workbench.domain.model_card import MODEL_PREFIX
from workbench.domain.quality_item import ItemState, QualityItem
from workbench.editions import finding_terms
from workbench.language import label, translator
from workbench.panels import words

LINES = ("heart_line", "thorax_line")
MEASURE, FINDING, MODEL, QUALITY = "measure", "finding", "model", "quality"


def of_film(screenings: Sequence[Screening], digest: str, language: str) -> list[dict[str, Any]]:
    """Shapes of the film with this digest; each place once, under the gravest that names it."""
    found: dict[str, dict[str, Any]] = {}
    for said in screenings:
        if said.digest != digest:
            continue
        # what a model from outside says is never drawn as if we had measured it
        tone = MODEL if said.screener.startswith(MODEL_PREFIX) else FINDING
        for shape in (
            *(s for one in said.findings for s in _finding(one, tone, language)),
            *(s for one in said.measurements for s in _measurement(one, language)),
            *(s for one in (said.sheet.items if said.sheet else ()) for s in _item(one, language)),
        ):
            found.setdefault(str(shape["points"]), shape)
    return list(found.values())


def _finding(one: Finding, tone: str, language: str) -> Iterable[dict[str, Any]]:
    term = words.statement(finding_terms().get(one.code), one.code, language)
    yield from _shapes(one.place, tone, term)


def _measurement(one: Measurement, language: str) -> Iterable[dict[str, Any]]:
    if one.value is None or not one.place:
        return
    _ = translator(language)
    said = f"{words.named('Measurement', one.name, _)} {words.amount(one, _)}"
    if one.reason:  # such as that an AP film enlarges the heart
        said += _("; ") + words.evidence(one.reason, _)
    named = (part.strip().partition(" ") for part in one.place.split(";"))
    yield from _shapes({name: points for name, _space, points in named}, MEASURE, said)


def _item(one: QualityItem, language: str) -> Iterable[dict[str, Any]]:
    """Only what was lost as a whole: one box for each lost point would cover the film."""
    if one.state is not ItemState.SCORED or not (one.veto or one.got <= 0 < one.of):
        return
    said = label(one.code, translator(language))
    for left, upper, right, lower in one.place:
        points = [[left, upper], [right, upper], [right, lower], [left, lower]]
        yield {"form": "box", "points": points, "tone": QUALITY, "label": said}


def _shapes(place: Mapping[str, Any], tone: str, said: str) -> Iterable[dict[str, Any]]:
    """Shapes of the named places; the words stand at the first of them."""
    for name, written in place.items():
        points = _points(written)
        if points:
            form = "line" if name in LINES else "area"
            yield {"form": form, "points": points, "tone": tone, "label": said}
            said = ""


def _points(written: object) -> list[list[float]]:
    """Shares of the film as the screener wrote them; what is not such is no place."""
    try:
        pairs = [[float(v) for v in pair.split(",")] for pair in str(written).split()]
    except ValueError:
        return []
    return pairs if len(pairs) > 1 and all(len(pair) == 2 for pair in pairs) else []
