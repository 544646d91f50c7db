"""Typst with the shipped Chinese fonts and nothing from the machine; the same input, same bytes."""

from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from threading import Lock

import typst

from workbench.domain.errors import WorkbenchError
from workbench.formats.report_glyphs import font_folder

_ONE_AT_A_TIME = Lock()  # the compiler keeps state between calls


class CannotPrint(WorkbenchError):
    """The report could not be set; says what the typesetter said."""

    template = "The report could not be printed: {fault}"

    def __init__(self, fault: str) -> None:
        super().__init__(fault=fault)


def typeset(
    template: bytes, inputs: dict[str, str], root: Path | None, stamp: datetime
) -> tuple[bytes, tuple[str, ...]]:
    """A PDF/A, and what the typesetter warned of."""
    with _ONE_AT_A_TIME:
        try:
            data, said = _compiler().compile_with_warnings(
                input=template,
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
def template_of(*names: str) -> bytes:
    """Templates of templates/pdf one after the other: later ones use what earlier ones define."""
    folder = resources.files("workbench").joinpath("templates", "pdf")
    return b"\n".join(folder.joinpath(f"{name}.typ").read_bytes() for name in names)


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_folder()]
    )
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)
