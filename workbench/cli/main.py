"""The command `workbench`: parse, call, print."""

import sys

import typer

from workbench.cli import care, convert, exams, files, models, people, screen, serve, traffic
from workbench.cli.usage import call

app = typer.Typer(
    name="workbench",
    help="County reading workbench (县域阅片工作台).",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals may hold patients
    add_completion=False,
)
app.command("serve")(serve.serve)
app.command("import")(files.import_)
app.command("screen")(screen.screen)
app.command("convert")(convert.convert)
app.command("worklist")(exams.worklist)
app.add_typer(exams.exam, name="exam")
app.add_typer(exams.report, name="report")
app.add_typer(people.site, name="site")
app.add_typer(people.user, name="user")
app.add_typer(models.model, name="model")
app.add_typer(care.audit_app, name="audit")
app.command("backup")(care.backup)
app.command("restore")(care.restore)
app.command("doctor")(care.doctor)
app.command("simulate")(traffic.simulate)
app.command("samples")(files.samples)


def run() -> None:
    """Run a command; our own errors become one red line, all others keep their traceback."""
    sys.exit(call(app))


if __name__ == "__main__":
    run()
