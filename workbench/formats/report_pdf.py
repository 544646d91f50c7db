"""A report as PDF/A by typst, with the shipped Chinese fonts and nothing from the machine."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workbench.domain.ecg_sheet import EcgSheet
from workbench.domain.report_page import ReportPage
from workbench.formats.ecg_sheet_pdf import content_of
from workbench.formats.report_glyphs import Glyphs, printable
from workbench.formats.report_layout import laid_out
from workbench.formats.typeset import CannotPrint, template_of, typeset

_PICTURES: Mapping[bytes, str] = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}


@dataclass(frozen=True, slots=True)
class PdfResult:
    """The file, and everything that had to be printed otherwise than it was written."""

    data: bytes
    warnings: tuple[str, ...]


def render_report(
    page: ReportPage, translate: Callable[[str], str], tracings: Sequence[EcgSheet] = ()
) -> PdfResult:
    """Set a report in the language of `translate`; the same page gives the same bytes.

    Tracings follow on landscape pages of their own, at true size.
    """
    glyphs = Glyphs()
    written = printable(laid_out(page, translate), glyphs, "report")
    sheets = [content_of(sheet, glyphs, translate) for sheet in tracings]
    content = {"report": written, "sheets": sheets}
    inputs = {"data": json.dumps(content, ensure_ascii=False), "picture": ""}
    stamp, template = _stamp(page), template_of("ecg_sheet", "report")
    if page.picture is None:
        data, said = typeset(template, inputs, None, stamp)
    else:
        with tempfile.TemporaryDirectory(prefix="workbench-pdf-") as folder:
            inputs["picture"] = "/" + _write_picture(page.picture, Path(folder))
            data, said = typeset(template, inputs, Path(folder), stamp)
    return PdfResult(data=data, warnings=(*glyphs.warnings, *said))


def _stamp(page: ReportPage) -> datetime:
    """When the document came to be: its latest stamp, so that printing again changes nothing."""
    signatures = [page.signature, page.countersignature, *(a.signature for a in page.addenda)]
    times = [s.signed_at for s in signatures if s is not None]
    times += [t for t in (page.times.released, page.retracted_at, page.times.received) if t]
    times += [one.released_at for one in page.later]
    return max(times, default=datetime.fromisoformat("2000-01-01T00:00:00+00:00"))


def _write_picture(picture: bytes, folder: Path) -> str:
    for head, ending in _PICTURES.items():
        if picture.startswith(head):
            name = f"{hashlib.sha256(picture).hexdigest()}.{ending}"
            (folder / name).write_bytes(picture)
            return name
    raise CannotPrint(f"the picture is neither JPEG nor PNG (starts {picture[:8].hex()})")
