"""A printed ECG as PDF: landscape A4, vector paper, a millimetre of the grid is a millimetre."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from workbench.domain.ecg_sheet import EcgSheet
from workbench.ecg.paper import PAGE_SECONDS, Scale
from workbench.ecg.paper_edge import leads_over_edge
from workbench.ecg.paper_pages import pages_of
from workbench.ecg.paper_rows import Wish
from workbench.ecg.view_filters import design, filter_lead
from workbench.formats.ecg_drawing import draw
from workbench.formats.ecg_sheet_layout import below, beside, filter_of, marks_of, names_on
from workbench.formats.report_glyphs import Glyphs, printable
from workbench.formats.typeset import template_of, typeset

Translate = Callable[[str], str]
SETTLING_S = 60.0  # on both sides: by then even the 0.05 Hz edge has forgotten where it began
EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class EcgPrint:
    """The file, and everything that had to be printed otherwise than it was written."""

    data: bytes
    warnings: tuple[str, ...]


def render_ecg(sheets: Sequence[EcgSheet], translate: Translate) -> EcgPrint:
    """Print tracings in the language of `translate`; the same sheets give the same bytes."""
    _ = translate
    glyphs = Glyphs()
    content = {
        "lang": _("en"),  # the typesetter's code of this language, for line breaking
        "heading": _("ECG tracing"),
        "reading": sheets[0].reading,
        "watermark": list(dict.fromkeys(m for s in sheets for m in marks_of(s, _))),
        "sheets": [content_of(sheet, glyphs, _) for sheet in sheets],
    }
    times = [t for s in sheets for t in (s.printed_at, s.received_at) if t is not None]
    inputs = {"data": json.dumps(content, ensure_ascii=False)}
    template = template_of("ecg_sheet", "ecg_print")
    data, said = typeset(template, inputs, None, max(times, default=EPOCH))
    return EcgPrint(data=data, warnings=(*glyphs.warnings, *said))


def content_of(sheet: EcgSheet, glyphs: Glyphs, translate: Translate) -> dict[str, object]:
    """What templates/pdf/ecg_sheet.typ needs for all pages of one tracing."""
    look, trace = sheet.look, sheet.trace
    scale = Scale(look.speed, look.gain)
    start = min(look.from_s, max(0.0, trace.seconds - 1 / trace.rate))
    wish = Wish(
        layout=look.layout, order=look.order, leads=trace.leads, seconds=trace.seconds,
        start=start, rhythm=look.rhythm,
    )  # fmt: skip
    shown, begin, left_out = _filtered(sheet, start)
    drawn = [
        {
            "width": part.width,
            "height": part.height,
            "names": names_on(sheet, part, translate),
            "below": below(
                sheet,
                part,
                (left_out, leads_over_edge(part, shown, trace.rate, scale, begin)),
                translate,
            ),
            "svg": draw(part, trace, shown, scale, begin),
        }
        for part in pages_of(wish, scale)
    ]
    written = printable(beside(sheet, translate), glyphs, "ECG")
    assert isinstance(written, dict)  # noqa: S101 - what goes in as a mapping comes out as one
    return {**written, "pages": drawn}


def _filtered(
    sheet: EcgSheet, start: float
) -> tuple[list[NDArray[np.float64]], float, tuple[float, ...]]:
    """Leads after the filter of the screen, over the printed seconds and what they depend on."""
    trace = sheet.trace
    sections, left_out = design(filter_of(sheet.look), trace.rate)
    first = max(0, int((start - SETTLING_S) * trace.rate))
    last = int((start + PAGE_SECONDS + SETTLING_S) * trace.rate) + 1
    shown = [filter_lead(lead[first:last], trace.rate, sections) for lead in trace.millivolts]
    return shown, first / trace.rate, left_out
