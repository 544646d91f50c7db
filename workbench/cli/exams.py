"""`workbench worklist`, `exam show`, `report export`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.home import HOME, opened, settings_of
from workbench.cli.output import line, me, told, words
from workbench.domain.errors import NotFound
from workbench.domain.kinds import ExamKind
from workbench.store.worklist import Filter
from workbench.workflow import console, deliveries

exam = typer.Typer(help="One exam.", no_args_is_help=True)
report = typer.Typer(help="Signed reports.", no_args_is_help=True)


def worklist(
    home: Annotated[Path | None, HOME] = None,
    kind: Annotated[ExamKind | None, typer.Option(help="Only this kind of exam.")] = None,
    site: Annotated[str | None, typer.Option(help="Only this institution.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many rows.")] = 50,
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """Open exams of all institutions, most pressing first."""
    with opened(settings_of(home)) as station:
        rows = console.rows(station, me(), Filter(kind=kind, site_code=site), limit)
    for row in rows:
        if json:
            line({**asdict(row.exam), "site_name": row.site_name, "local_id": row.local_id,
                  "patient_name": row.patient_name, "reason": row.reason})  # fmt: skip
        else:
            one = row.exam
            typer.echo(
                f"{one.id}  {one.kind:5} {one.severity or '-':8} {one.urgency:9} "
                f"{one.received_at:%Y-%m-%d %H:%M:%S}  {row.site_name}  {row.patient_name}"
            )
    if not rows and not json:
        typer.echo(words()("Nothing waits."))


@exam.command("show")
def exam_show(
    exam_id: Annotated[str, typer.Argument(help="Id of the exam, as the worklist prints it.")],
    home: Annotated[Path | None, HOME] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Everything that is known about one exam."""
    with opened(settings_of(home)) as station:
        found = console.show(station, me(), exam_id)
    if json:
        line(found)
        return
    for name, value in found.items():
        typer.secho(name, bold=True)
        rows = value if isinstance(value, list) else [value]
        for row in rows:
            if row is not rows[0]:
                typer.echo("  -")
            told(row or {})


@report.command("export")
def report_export(
    exam_id: Annotated[str, typer.Argument(help="Id of the exam.")],
    folder: Annotated[Path, typer.Argument(help="Where the PDF files are written.")],
    home: Annotated[Path | None, HOME] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON object per file.")] = False,
) -> None:
    """Write every signed version of an exam as PDF."""
    with opened(settings_of(home)) as station:
        papers = deliveries.papers(station, me(), exam_id)
    if not papers:
        raise NotFound("signed report of exam", exam_id)
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in papers:
        path = folder / name
        path.write_bytes(data)
        if json:
            line({"file": str(path), "size": len(data)})
        else:
            typer.echo(path)
