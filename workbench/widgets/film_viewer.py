"""One radiograph in full depth, with windows and measurements answered in the browser."""

from typing import Any

import anywidget
import traitlets as t

from workbench.widgets import incoming
from workbench.widgets.loader import loader


class FilmViewer(anywidget.AnyWidget):
    """Shows one film.

    `src` is ``{id, preview_url, full_url, meta}``; `meta` holds `vois` (``{kind, center, width,
    label, lut?, lut_first, lut_bits}``, the first is the default), `invert` (the one inversion of
    the file), `spacing` (``{row_mm, column_mm, kind}``), and optionally `padding` (low, high),
    `shutter` (left, right, upper, lower; 1-based), `caption` and `notes` (lines of text).
    `annotations` come back as ``{uid, tool, points, value, unit}``, points as column and row.
    """

    _esm = t.Unicode().tag(sync=True)
    src = t.Dict().tag(sync=True)
    prefetch = t.List(t.Dict()).tag(sync=True)
    texts = t.Dict().tag(sync=True)
    height = t.Int(800, min=200, max=8000).tag(sync=True)
    annotations: t.List[Any] = t.List().tag(sync=True)  # from the browser
    shown = t.Dict().tag(sync=True)  # from the browser

    @t.default("_esm")
    def _loader(self) -> str:
        return loader("film_viewer")

    @t.validate("annotations")
    def _checked_annotations(self, proposal: dict[str, Any]) -> list[dict[str, object]]:
        return incoming.marks(proposal["value"])

    @t.validate("shown")
    def _checked_shown(self, proposal: dict[str, Any]) -> dict[str, object]:
        return incoming.shown(proposal["value"], staged=True)
