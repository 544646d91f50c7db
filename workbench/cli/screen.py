"""`workbench screen`: files judged as the worker would, without a database."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli.files import groups
from workbench.cli.judgement import as_line
from workbench.cli.output import line, words
from workbench.domain.context import OLDEST, SEXES, PatientContext
from workbench.domain.errors import BadImage, Invalid, Unreadable, WorkbenchError
from workbench.domain.finding import Gate, Screening
from workbench.domain.patient import age_on
from workbench.domain.received import ArrivalHeader, Received
from workbench.formats import grouping, sniff
from workbench.formats.picture_kind import is_marked, kind_of
from workbench.workflow.sites import check_profile

VIEWS = ("PA", "AP", "LL")


def screen(  # noqa: PLR0913 - options of the command line
    files: Annotated[list[Path], typer.Argument(help="Files to judge; no database is used.")],
    age: Annotated[float | None, typer.Option(help="Age in years.")] = None,
    sex: Annotated[str | None, typer.Option(help="M or F.")] = None,
    view: Annotated[
        str | None, typer.Option(help="View of films without a header: PA, AP or LL.")
    ] = None,
    profile: Annotated[str, typer.Option(help="Critical-value profile.")] = "national",
    mask_dir: Annotated[
        Path | None, typer.Option(help="Folder for the outlines of films, one PNG of bits each.")
    ] = None,
    *,
    opinions: Annotated[
        bool, typer.Option("--second-opinions", help="Ask other programs too; slow.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """Judge files as the worker would, and say why. Films may be PNG or JPEG here."""
    check_profile(profile)
    if view is not None and view not in VIEWS:
        raise Invalid("view", view, ", ".join(VIEWS))
    context = PatientContext(age_years=age, sex=sex, profile=profile)
    told = _Asked(context, view, opinions=opinions, masks=_Masks(mask_dir))
    for root, group in groups(files, missing=True):
        said = told.screened(root, group)
        if json:
            line(said)
        else:
            codes = ", ".join(f["code"] for f in said["findings"]) or "-"
            _ = words()
            reason = _("not assessed: {reason}").format(reason=_(str(said["reason"])))
            verdict = codes if said["assessed"] else reason
            typer.echo(f"{said['file']}: {said['modality']} {verdict}")


class _Masks:
    """Where outlines are written; a second file of one name keeps its ending in the name."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.taken: set[str] = set()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, png: bytes) -> None:
        """One film's outlines."""
        if self.folder is None:
            return
        path = Path(name)
        stem = path.stem if path.stem not in self.taken else path.name
        self.taken.add(stem)
        (self.folder / f"{stem}.png").write_bytes(png)


class _Asked:
    """What the command line says of all files."""

    def __init__(
        self, context: PatientContext, view: str | None, *, opinions: bool, masks: _Masks
    ) -> None:
        self.context, self.view, self.opinions, self.masks = context, view, opinions, masks

    def screened(self, root: Path, group: tuple[str, ...]) -> dict[str, Any]:
        """One recording as the object that is printed; whatever is wrong with it is said there."""
        from workbench.screening.dr_exposure import refuse_film  # noqa: PLC0415 - scipy: a second

        begun, digest = time.perf_counter(), ""
        name = str(root / group[0])
        try:
            data = {n: _bytes(root / n) for n in sorted(group)}
            digest = grouping.digest(data)
            said = self._judged(group[0], _read(data), digest)
        except BadImage as error:
            said = refuse_film(error, digest)
        except (WorkbenchError, OSError) as error:
            said = _not_assessed(digest, str(error))
        except Exception as error:  # noqa: BLE001 - one broken file must not end the judging of many
            kind = type(error).__name__
            reason = f"the screener stopped with an internal error ({kind}); report it"
            said = _not_assessed(digest, reason)
        return as_line(name, said, (time.perf_counter() - begun) * 1000)

    def _judged(self, name: str, received: Received, digest: str) -> Screening:
        from workbench.screening.dr import screen_film  # noqa: PLC0415
        from workbench.screening.screen import screen as judge  # noqa: PLC0415 - scipy, onnxruntime

        if self.view is not None:
            received = replace(received, header=replace(received.header, view=self.view))
        context = _with_header(self.context, received)
        if received.image is None:
            return judge(received, context, digest, opinions=self.opinions)
        film = screen_film(received, context, digest)
        if self.masks.folder is not None:
            from workbench.formats.mask_picture import mask_png  # noqa: PLC0415 - pillow

            self.masks.write(name, mask_png(film.masks()))
        return film.said


def _read(data: Mapping[str, bytes]) -> Received:
    """A recording; a lone picture that nobody calls an ECG is taken for a film."""
    if len(data) == 1:
        [(name, content)] = data.items()
        if kind_of(content) in ("PNG", "JPEG") and not is_marked(name):
            from workbench.formats.picture_film import film_of  # noqa: PLC0415 - pillow

            return film_of(content)
    return sniff.read(data, None)


def _bytes(path: Path) -> bytes:
    """The file's bytes; a pipe or device is refused: reading it might never end."""
    if not path.exists():
        raise Unreadable(f"{path.name} is not there; check name and folder", "no_file")
    if not path.is_file():
        raise Unreadable(f"{path.name} is no ordinary file; give a file or a folder", "no_file")
    return path.read_bytes()


def _not_assessed(digest: str, reason: str) -> Screening:
    return Screening(
        screener="workbench", version="", rulebook="", digest=digest, modality="unknown",
        assessed=False, reason=reason, gate=Gate(accepted=False),
    )  # fmt: skip


def _with_header(context: PatientContext, received: Received) -> PatientContext:
    """What the command line left open is taken from the file's header, never guessed."""
    header = received.header
    return PatientContext(
        age_years=context.age_years if context.age_years is not None else _possible(header),
        sex=context.sex or (header.sex if header.sex in SEXES else None),
        profile=context.profile,
        chest_pain=context.chest_pain,
        syncope=context.syncope,
        potassium=context.potassium,
    )


def _possible(header: ArrivalHeader) -> float | None:
    """The age by the birth date on the day of the exam, else the one the file states."""
    day = datetime.fromisoformat(header.device_clock).date() if header.device_clock else None
    age = age_on(header.birth_date, day) if day else None
    if age is None:
        age = header.age_years
    return age if age is not None and 0 <= age <= OLDEST else None
