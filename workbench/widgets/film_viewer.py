"""One radiograph in full depth, with windows and measurements answered in the browser."""

from typing import Any

import anywidget
import traitlets as t

from workbench.widgets import film_marks, incoming
from workbench.widgets.loader import loader


class FilmViewer(anywidget.AnyWidget):
    """Shows one film.

    `src` is ``{id, preview_url, full_url, meta}``; `meta` holds `vois` (``{kind, center, width,
    label, lut?, lut_first, lut_bits}``, the first is the default), `invert` (the one inversion of
    the file), `spacing` (``{row_mm, column_mm, kind, note, factor?}``), and optionally `padding`
    (low, high), `shutter` (left, right, upper, lower; 1-based), `tags` (body part, orientation and
    side by keyword), `caption` and `notes` (lines of text).

    A mark is ``{uid, tool, points, text, value, unit, values, calibration}``: points as column and
    row of the stored film, the numbers only as the browser sees them. `marks` is given as
    ``{id, marks}`` and goes onto the film of that id, in place of what is there or, when the reader
    has already drawn, under it. `annotations` come back as what is on the film now; `marked` as
    ``{id, marks}`` only after the reader has changed something, so that an emptied film is told
    from one that is still being opened.
    """

    _esm = t.Unicode().tag(sync=True)
    src = t.Dict().tag(sync=True)
    prefetch = t.List(t.Dict()).tag(sync=True)
    texts = t.Dict().tag(sync=True)
    marks = t.Dict().tag(sync=True)
    height = t.Int(800, min=200, max=8000).tag(sync=True)
    annotations: t.List[Any] = t.List().tag(sync=True)  # from the browser
    marked = t.Dict().tag(sync=True)  # from the browser
    shown = t.Dict().tag(sync=True)  # from the browser

    @t.default("_esm")
    def _loader(self) -> str:
        return loader("film_viewer")

    @t.validate("annotations")
    def _checked_annotations(self, proposal: dict[str, Any]) -> list[dict[str, object]]:
        return film_marks.marks(proposal["value"])

    @t.validate("marked")
    def _checked_marked(self, proposal: dict[str, Any]) -> dict[str, object]:
        return film_marks.marked(proposal["value"])

    @t.validate("shown")
    def _checked_shown(self, proposal: dict[str, Any]) -> dict[str, object]:
        return incoming.shown(proposal["value"], staged=True)
