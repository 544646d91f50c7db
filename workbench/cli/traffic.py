"""`workbench simulate`: county traffic for trials and benchmarks."""

import time
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.home import HOME, opened, settings_of
from workbench.cli.output import line, me, words
from workbench.workflow import traffic


def simulate(
    exams: Annotated[int, typer.Option(min=1, help="How many exams.")],
    seed: Annotated[int, typer.Option(help="Same seed, same county.")] = 1,
    home: Annotated[Path | None, HOME] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """Write made-up exams of two modalities into a demonstration home, in bulk."""
    begun = time.monotonic()

    def progress(done: int) -> None:
        said = {"done": done, "of": exams, "seconds": round(time.monotonic() - begun, 1)}
        if json:
            line(said)
        else:
            typer.echo(words()("{done} of {of} exams, {seconds} s").format(**said))

    with opened(settings_of(home)) as station:
        traffic.simulate(station, me(), exams, seed, progress)
