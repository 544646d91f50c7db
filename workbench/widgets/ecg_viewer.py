"""Twelve-lead ECG on millimetre paper, drawn and measured in the browser."""

from typing import Any

import anywidget
import traitlets as t

from workbench.widgets import incoming
from workbench.widgets.loader import loader


class EcgViewer(anywidget.AnyWidget):
    """Shows one tracing.

    `src` is ``{id, url, meta}``: `url` answers int16 little-endian units, lead after lead, -32768
    where nothing was recorded; `meta` holds `rate`, `leads`, `lsb_uv`, and optionally `derived`,
    `notes`, `device` (one line of text). `findings` are ``{code, label, severity, place: {from_s,
    to_s, lead?}}`` with labels already in the page's language.
    """

    _esm = t.Unicode().tag(sync=True)
    src = t.Dict().tag(sync=True)
    prefetch = t.List(t.Dict()).tag(sync=True)
    findings = t.List(t.Dict()).tag(sync=True)
    beats_s = t.List(t.Float()).tag(sync=True)
    texts = t.Dict().tag(sync=True)
    lead_layout = t.Enum(("3x4+1", "6x2", "12x1"), "3x4+1").tag(sync=True)
    speed = t.Enum((25, 50), 25).tag(sync=True)
    gain = t.Enum((5, 10, 20), 10).tag(sync=True)
    filter = t.Enum(("off", "0.05-150", "0.5-40"), "off").tag(sync=True)
    notch = t.Bool(False).tag(sync=True)
    px_per_mm = t.Float(0.0, min=0.0, max=100.0).tag(sync=True)  # device pixels; 0 is unknown
    calibrated = t.Bool(False).tag(sync=True)
    height = t.Int(640, min=200, max=8000).tag(sync=True)
    caliper = t.Dict().tag(sync=True)  # from the browser
    shown = t.Dict().tag(sync=True)  # from the browser

    @t.default("_esm")
    def _loader(self) -> str:
        return loader("ecg_viewer")

    @t.validate("caliper")
    def _checked_caliper(self, proposal: dict[str, Any]) -> dict[str, object]:
        return incoming.caliper(proposal["value"])

    @t.validate("shown")
    def _checked_shown(self, proposal: dict[str, Any]) -> dict[str, object]:
        return incoming.shown(proposal["value"], staged=False)
