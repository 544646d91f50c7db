"""Radiographs in full depth, with windows and measurements answered in the browser."""

from typing import Any

import anywidget
import traitlets as t

from workbench.widgets import film_marks, incoming
from workbench.widgets.loader import loader


class FilmViewer(anywidget.AnyWidget):
    """Shows one, two or four films beside each other.

    `hanging` is one of `incoming.LAYOUTS`; the first film is `src`, those after it are `beside`, in
    reading order. A film that is not there is ``{empty}`` with the reason in words. `comparable`
    says that an earlier film can be asked for. A message ``{kind: "layout", layout}`` asks for
    another layout, ``{kind: "earlier_film"}`` for the earlier film or to be rid of it.

    `src` is ``{id, preview_url, full_url, meta}``; `meta` holds `vois` (``{kind, center, width,
    label, lut?, lut_first, lut_bits}``, the first is the default), `invert` (the one inversion of
    the file), `spacing` (``{row_mm, column_mm, kind, note, factor?}``), and optionally `padding`
    (low, high), `shutter` (left, right, upper, lower; 1-based), `tags` (body part, orientation and
    side by keyword), `caption` and `notes` (lines of text); beside other films `label` says which
    one it is, `prior` that it is of an earlier exam.

    A mark is ``{uid, tool, points, text, value, unit, values, calibration}``: points as column and
    row of the stored film, the numbers only as the browser sees them. `marks` is given as
    ``{id: marks}`` and goes onto the films of these ids, in place of what is there or, when the
    reader has already drawn, under it. `annotations` come back as what is on the chosen film now;
    `marked` as ``{id, marks}`` only after the reader has changed something, so that an emptied film
    is told from one that is still being opened. `chosen` is the film that the toolbar has,
    empty for the first one.
    """

    _esm = t.Unicode().tag(sync=True)
    src = t.Dict().tag(sync=True)
    beside = t.List(t.Dict(), maxlen=3).tag(sync=True)
    hanging = t.Enum(incoming.LAYOUTS, "1x1").tag(sync=True)
    comparable = t.Bool().tag(sync=True)
    prefetch = t.List(t.Dict()).tag(sync=True)
    texts = t.Dict().tag(sync=True)
    marks = t.Dict().tag(sync=True)
    height = t.Int(800, min=200, max=8000).tag(sync=True)
    annotations: t.List[Any] = t.List().tag(sync=True)  # from the browser
    marked = t.Dict().tag(sync=True)  # from the browser
    shown = t.Dict().tag(sync=True)  # from the browser
    chosen = t.Unicode().tag(sync=True)  # from the browser

    @t.default("_esm")
    def _loader(self) -> str:
        return loader("film_viewer")

    @t.validate("annotations")
    def _checked_annotations(self, proposal: dict[str, Any]) -> list[dict[str, object]]:
        return film_marks.marks(proposal["value"])

    @t.validate("marked")
    def _checked_marked(self, proposal: dict[str, Any]) -> dict[str, object]:
        return film_marks.marked(proposal["value"])

    @t.validate("chosen")
    def _checked_chosen(self, proposal: dict[str, Any]) -> str:
        return incoming.text(proposal["value"], "chosen")

    @t.validate("shown")
    def _checked_shown(self, proposal: dict[str, Any]) -> dict[str, object]:
        return incoming.shown(proposal["value"], staged=True)
