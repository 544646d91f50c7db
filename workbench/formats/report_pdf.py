"""A report as PDF/A by typst, with the shipped Chinese fonts and nothing from the machine."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from threading import Lock

import typst

from workbench.domain.errors import WorkbenchError
from workbench.domain.report_page import ReportPage
from workbench.formats.report_glyphs import Glyphs, font_folder
from workbench.formats.report_layout import laid_out

_ONE_AT_A_TIME = Lock()  # the compiler keeps state between calls
_PICTURES: Mapping[bytes, str] = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}


class CannotPrint(WorkbenchError):
    """The report could not be set; says what the typesetter said."""

    template = "The report could not be printed: {fault}"

    def __init__(self, fault: str) -> None:
        super().__init__(fault=fault)


@dataclass(frozen=True, slots=True)
class PdfResult:
    """The file, and everything that had to be printed otherwise than it was written."""

    data: bytes
    warnings: tuple[str, ...]


def render_report(page: ReportPage, translate: Callable[[str], str]) -> PdfResult:
    """Set a report in the language of `translate`; the same page gives the same bytes."""
    glyphs = Glyphs()
    content = _printable(laid_out(page, translate), glyphs, "report")
    inputs = {"data": json.dumps(content, ensure_ascii=False), "picture": ""}
    stamp = _stamp(page)
    if page.picture is None:
        data, said = _compile(inputs, None, stamp)
    else:
        with tempfile.TemporaryDirectory(prefix="workbench-pdf-") as folder:
            inputs["picture"] = "/" + _write_picture(page.picture, Path(folder))
            data, said = _compile(inputs, Path(folder), stamp)
    return PdfResult(data=data, warnings=(*glyphs.warnings, *said))


def _compile(
    inputs: dict[str, str], root: Path | None, stamp: datetime
) -> tuple[bytes, tuple[str, ...]]:
    with _ONE_AT_A_TIME:
        try:
            data, said = _compiler().compile_with_warnings(
                input=_template(),
                format="pdf",
                sys_inputs=inputs,
                pdf_standards="a-2b",
                root=root,
                timestamp=int(stamp.timestamp()),
            )
        except typst.TypstError as error:
            raise CannotPrint(str(error.message)) from error
    if not isinstance(data, bytes):
        raise CannotPrint("the typesetter gave no file")
    return data, tuple(warning.message for warning in said)


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_folder()]
    )
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)


@cache
def _template() -> bytes:
    return resources.files("workbench").joinpath("templates", "pdf", "report.typ").read_bytes()


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


def _printable(value: object, glyphs: Glyphs, place: str) -> object:
    """Walk through the content; every string is made drawable under the name of its place."""
    if isinstance(value, str):
        return glyphs.printable(value, place)
    if isinstance(value, Mapping):
        return {key: _printable(item, glyphs, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(item, glyphs, place) for item in value]
    return value
