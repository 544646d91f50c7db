"""Twelve-lead ECG on millimetre paper, drawn and measured in the browser."""

from typing import Any

import anywidget
import traitlets as t

from workbench.widgets import incoming
from workbench.widgets.loader import loader

LAYOUTS = ("3x4+1", "3x4+3", "6x2", "12x1")
ORDERS = ("standard", "cabrera")


class EcgViewer(anywidget.AnyWidget):
    """Shows one tracing.

    `src` is ``{id, url, meta}``: `url` answers int16 little-endian units, lead after lead, -32768
    where nothing was recorded; `meta` holds `rate`, `leads`, `lsb_uv`, and optionally `derived`,
    `notes`, `device` (one line of text), `gate` (reasons to doubt the file: ``{code, label, text}``
    in the page's language). `findings` are ``{code, label, severity,
    place: {from_s, to_s, lead?}}`` with labels already in the page's language. `calibrations` are
    device pixels per millimetre by the key of a display; without one nothing is to scale. Acts come
    as messages ``{kind, …}``; `incoming.message` checks them.
    """

    _esm = t.Unicode().tag(sync=True)
    src = t.Dict().tag(sync=True)
    prefetch = t.List(t.Dict()).tag(sync=True)
    findings = t.List(t.Dict()).tag(sync=True)
    pointed = t.Dict().tag(sync=True)  # {id, key, label, severity, from_s, to_s, leads, mark}
    beats_s = t.List(t.Float()).tag(sync=True)
    texts = t.Dict().tag(sync=True)
    lead_layout = t.Enum(LAYOUTS, "3x4+1").tag(sync=True)
    lead_order = t.Enum(ORDERS, "standard").tag(sync=True)
    rhythm_lead = t.Unicode("II").tag(sync=True)
    speed = t.Enum((25, 50), 25).tag(sync=True)  # mm/s
    gain = t.Enum((5, 10, 20), 10).tag(sync=True)  # mm/mV
    high_pass = t.Enum((0, 0.05, 0.5), 0).tag(sync=True)  # Hz; 0 is none
    low_pass = t.Enum((0, 40, 100, 150), 0).tag(sync=True)  # Hz; 0 is none
    notch = t.Bool(False).tag(sync=True)  # 50 Hz
    calibrations = t.Dict().tag(sync=True)  # display -> device pixels per mm
    height = t.Int(640, min=200, max=8000).tag(sync=True)
    measured = t.Dict().tag(sync=True)  # {id, device, reader, history, reasons, may, why}
    priors = t.List(t.Dict()).tag(sync=True)  # {id, label} of earlier ECGs of this patient
    compare = t.Dict().tag(sync=True)  # an earlier one, like src, with {of, exam, measured}
    printed = t.Dict().tag(sync=True)  # {n, id, url, error}: where the last print is made
    caliper = t.Dict().tag(sync=True)  # from the browser
    shown = t.Dict().tag(sync=True)  # from the browser

    @t.default("_esm")
    def _loader(self) -> str:
        return loader("ecg_viewer")

    @t.validate("rhythm_lead")
    def _checked_lead(self, proposal: dict[str, Any]) -> str:
        return incoming.text(proposal["value"], "rhythm lead")

    @t.validate("caliper")
    def _checked_caliper(self, proposal: dict[str, Any]) -> dict[str, object]:
        return incoming.caliper(proposal["value"])

    @t.validate("shown")
    def _checked_shown(self, proposal: dict[str, Any]) -> dict[str, object]:
        return incoming.shown(proposal["value"], staged=False)
