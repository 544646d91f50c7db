"""What the screening of chest films looks for, how well it does, and what it leaves out."""

from workbench.domain.finding import Screening
from workbench.domain.operating_point import OperatingPoint
from workbench.editions import finding_terms, operating_points
from workbench.language import translator
from workbench.panels import words
from workbench.rules.operating_point import point_said

OF_FILMS = "dr"  # name of the screener the points belong to


def view(said: Screening, language: str) -> dict[str, list[dict[str, str]]] | None:
    """Both lists for a film that was assessed; None for everything else."""
    if said.screener != OF_FILMS or not said.assessed:
        return None
    points = operating_points().values()
    return {
        "on": [_row(one, _point(one, language), language) for one in points if one.on],
        "off": [_row(one, _why(one, language), language) for one in points if not one.on],
    }


def _row(one: OperatingPoint, text: str, language: str) -> dict[str, str]:
    term = finding_terms().get(one.finding)
    return {"label": words.statement(term, one.finding, language), "text": text}


def _why(one: OperatingPoint, language: str) -> str:
    return words.evidence(one.reason, translator(language))


def _point(one: OperatingPoint, language: str) -> str:
    """As the evidence of a finding says it."""
    return words.evidence(point_said(one), translator(language))
