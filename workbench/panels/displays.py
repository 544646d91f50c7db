"""The size of this person's displays, for ECGs in true millimetres."""

from typing import Any

from workbench.domain.actor import Actor
from workbench.domain.errors import Invalid
from workbench.language import translator
from workbench.panels.asked import Asked
from workbench.workflow import preferences


def show(page: Any, actor: Actor) -> None:
    """Give the viewer what this person measured before."""
    page.ecg.calibrations = dict(preferences.calibrations(page.desk.station, actor))


def calibrated(page: Any, actor: Actor, asked: Asked) -> None:
    """A card or a ruler was held against the display."""
    px_per_mm = asked.number("px_per_mm")
    if px_per_mm is None:
        raise Invalid("pixels per millimetre", "", "a number")
    preferences.calibrate(page.desk.station, actor, asked.text("display", 60), px_per_mm)
    show(page, actor)
    page.tell(translator(actor.language)("The calibration of this display is remembered."))
