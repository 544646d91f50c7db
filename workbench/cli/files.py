"""`workbench import`, `screen`, `samples`: files in, judgements out."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli.home import HOME, opened, settings_of
from workbench.cli.judgement import as_line
from workbench.cli.output import line, me, there, words
from workbench.domain.context import OLDEST, SEXES, PatientContext
from workbench.domain.errors import BadImage, Invalid, Unreadable, WorkbenchError
from workbench.domain.finding import Gate, Screening
from workbench.domain.kinds import ExamKind
from workbench.domain.patient import age_on
from workbench.domain.received import ArrivalHeader, Received
from workbench.formats import grouping, sniff
from workbench.language import label
from workbench.workflow.arrivals import Filing
from workbench.workflow.intake import import_files
from workbench.workflow.sites import check_profile

Paths = Annotated[list[Path], typer.Argument(help="Files or folders.")]


def import_(
    paths: Paths,
    site: Annotated[str, typer.Option(help="Code of the institution the files belong to.")],
    home: Annotated[Path | None, HOME] = None,
    *,
    kind: Annotated[
        str | None, typer.Option(help="What photos and PDF files show: ECG. Else they are held.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """File recordings under an institution, as if it had sent them."""
    if kind not in (None, ExamKind.ECG):
        raise Invalid("kind of picture", kind, "ECG; films come as DICOM only")
    there(*paths)
    failed, _ = 0, words()
    with opened(settings_of(home)) as station:
        temporary = station.blobs.temporary_folder
        temporary.mkdir(parents=True, exist_ok=True)
        for root, group in _groups(paths):
            with tempfile.TemporaryDirectory(dir=temporary) as folder:
                copies = {n: Path(folder) / str(i) for i, n in enumerate(group)}
                for name, copy in copies.items():
                    shutil.copyfile(root / name, copy)
                gate = _gate({n: p.read_bytes() for n, p in copies.items()})
                _name, outcome = import_files(station, me(), copies, site, kind)[0]
            failed += outcome.filing in (Filing.HELD, Filing.CONFLICT)
            said = {
                "file": str(root / group[0]),
                "filing": outcome.filing,
                "exam": outcome.exam_id,
                "reason": outcome.reason,
                "gate": gate,
            }
            if json:
                line(said)
            else:
                became = label(outcome.filing, _)
                typer.echo(f"{said['file']}: {became} {outcome.exam_id or _(outcome.reason)}")
                for fault in gate:
                    typer.secho(f"  {_(str(fault['text']))}", fg=typer.colors.YELLOW)
    if failed:
        raise typer.Exit(1)


def _gate(parts: Mapping[str, bytes]) -> list[dict[str, object]]:
    """What the worker will say against a tracing, said while its sender still sits there."""
    from workbench.workflow.tracings import gate  # noqa: PLC0415 - scipy costs a second

    try:
        trace = sniff.read(parts).trace
    except WorkbenchError:
        return []  # the filing itself says why it cannot be read
    return [] if trace is None else gate(trace)


def screen(
    files: Annotated[list[Path], typer.Argument(help="Files to judge; no database is used.")],
    age: Annotated[float | None, typer.Option(help="Age in years.")] = None,
    sex: Annotated[str | None, typer.Option(help="M or F.")] = None,
    profile: Annotated[str, typer.Option(help="Critical-value profile.")] = "national",
    *,
    opinions: Annotated[
        bool, typer.Option("--second-opinions", help="Ask other programs too; slow.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """Judge files as the worker would, and say why."""
    check_profile(profile)
    context = PatientContext(age_years=age, sex=sex, profile=profile)
    for root, group in _groups(files, missing=True):
        said = _screened(root, group, context, opinions=opinions)
        if json:
            line(said)
        else:
            codes = ", ".join(f["code"] for f in said["findings"]) or "-"
            _ = words()
            reason = _("not assessed: {reason}").format(reason=_(str(said["reason"])))
            verdict = codes if said["assessed"] else reason
            typer.echo(f"{said['file']}: {said['modality']} {verdict}")


def samples(
    folder: Annotated[Path, typer.Argument(help="Where the sample studies are written.")],
) -> None:
    """Make the synthetic sample studies with their truth (deterministic)."""
    from workbench.workflow import samples as sample_set  # noqa: PLC0415 - scipy costs a second

    for name in sample_set.make(folder):
        typer.echo(name)


def _screened(
    root: Path, group: tuple[str, ...], context: PatientContext, *, opinions: bool
) -> dict[str, Any]:
    from workbench.screening.dr_exposure import refuse_film  # noqa: PLC0415 - scipy costs a second
    from workbench.screening.screen import screen as judge  # noqa: PLC0415

    begun, digest = time.perf_counter(), ""
    name = str(root / group[0])
    try:
        data = {n: _bytes(root / n) for n in sorted(group)}
        digest = grouping.digest(data)
        received = sniff.read(data, None)
        said = judge(received, _with_header(context, received), digest, opinions=opinions)
    except BadImage as error:
        said = refuse_film(error, digest)
    except (WorkbenchError, OSError) as error:
        said = _not_assessed(digest, str(error))
    except Exception as error:  # noqa: BLE001 - one broken file must not end the judging of many
        reason = f"the screener stopped with an internal error ({type(error).__name__}); report it"
        said = _not_assessed(digest, reason)
    return as_line(name, said, (time.perf_counter() - begun) * 1000)


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


def _groups(paths: list[Path], *, missing: bool = False) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Recordings among these paths, each with its folder; companions of a file come along."""
    done: set[tuple[Path, frozenset[str]]] = set()
    for path in paths:
        if path.is_dir():
            names = [str(p.relative_to(path)) for p in path.rglob("*") if p.is_file()]
            for group in grouping.recordings(n for n in names if not Path(n).name.startswith(".")):
                yield path, group
        elif path.is_file():
            found = beside(path)
            if (key := (path.parent, frozenset(found))) in done:
                continue  # a signal file named beside its header: one recording, read once
            done.add(key)
            yield path.parent, found
        elif missing:
            yield path.parent, (path.name,)


def beside(path: Path) -> tuple[str, ...]:
    """The file, and its companions in the same recording, where the folder may be listed."""
    names = [path.name]
    with contextlib.suppress(PermissionError):
        names += [p.name for p in path.parent.iterdir() if p.is_file()]
    there = grouping.recordings(grouping.beside(path.name, names))
    found = next(group for group in there if path.name in group)
    return (path.name, *(n for n in found if n != path.name))  # named as it was asked for
