"""`workbench import`, `samples`: files in, sample studies out."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.home import HOME, opened, settings_of
from workbench.cli.output import line, me, there, words
from workbench.domain.errors import Invalid, WorkbenchError
from workbench.domain.kinds import ExamKind
from workbench.formats import grouping, sniff
from workbench.language import label
from workbench.workflow.arrivals import Filing
from workbench.workflow.intake import import_files

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
        for root, group in groups(paths):
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


def samples(
    folder: Annotated[Path, typer.Argument(help="Where the sample studies are written.")],
    *,
    pathology: Annotated[
        bool, typer.Option("--pathology", help="Only chest films with disease or faults.")
    ] = False,
) -> None:
    """Make the synthetic sample studies with their truth (deterministic)."""
    from workbench.workflow import samples as sample_set  # noqa: PLC0415 - scipy costs a second

    for name in sample_set.make_pathology(folder) if pathology else sample_set.make(folder):
        typer.echo(name)


def groups(paths: list[Path], *, missing: bool = False) -> Iterator[tuple[Path, tuple[str, ...]]]:
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
