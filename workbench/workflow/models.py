"""Models from outside: installed after checks, tried on cases of the house, asked about films.

None is shipped. A new version flags nothing until its thresholds were tried on local cases.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from workbench import editions
from workbench.domain.actor import Act, Actor
from workbench.domain.errors import Invalid, WorkbenchError
from workbench.domain.exam import Exam
from workbench.domain.finding import Gate, Screening
from workbench.domain.image import Image
from workbench.domain.kinds import ExamKind
from workbench.domain.model_card import BadCard, ModelCard, read_card
from workbench.domain.site import SYSTEM
from workbench.formats.display_copy import film_grey8
from workbench.rules.model_trial import TrialCount, judge_trial
from workbench.screening.models.package import read_package
from workbench.screening.models.runner import Net, runner_of
from workbench.screening.models.screener import LoadedModel, batch_of, screen_with, silent
from workbench.store import audit, models, screenings, sites
from workbench.store.blobs import Blobs
from workbench.store.database import Connection
from workbench.store.models import ModelRow, ModelTrial
from workbench.workflow import flags
from workbench.workflow.station import Station

BOOK = "models-2026.1"
HELD = 4  # nets kept loaded in one process
WHITE = 255.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelState:
    """One version as the list shows it."""

    row: ModelRow
    card: ModelCard
    in_use: bool
    confirmed: Mapping[str, frozenset[str]]  # finding codes by institution; "" for all
    trials: Sequence[ModelTrial]

    @property
    def waiting(self) -> tuple[str, ...]:
        """Findings with a threshold that no trial has confirmed anywhere: the alarm."""
        done = frozenset().union(*self.confirmed.values()) if self.confirmed else frozenset()
        return tuple(c.finding for c in self.card.known if c.points and c.finding not in done)


@dataclass(frozen=True, slots=True)
class LocalCase:
    """A film of the house with what a doctor says of it, by finding code."""

    image: Image
    truth: Mapping[str, bool]


def add(station: Station, actor: Actor, path: Path) -> ModelState:
    """Check a package in every way, run its net once, and install it."""
    actor.check(Act.MODELS_MANAGE)
    package = read_package(path)
    card = package.card
    _check_codes(card)
    runner_of(card).load(package.net, card)
    blob, now = station.blobs.put(package.net), station.now()
    row = ModelRow(
        id=station.fresh(), name=card.name, version=card.version, sha256=blob.sha256,
        size=blob.size, manifest=package.manifest, added_by=actor.username, added_at=now,
    )  # fmt: skip
    with station.store.change() as conn:
        if not models.add(conn, row):
            raise Invalid("model", f"{card.name} {card.version}", "a version that is not here yet")
        _note(conn, station, actor, "model.add", row, {"sha256": blob.sha256})
    return ModelState(row=row, card=card, in_use=True, confirmed={}, trials=())


def every(station: Station, actor: Actor) -> list[ModelState]:
    """All versions, with what was tried and what waits for it."""
    actor.check(Act.MODELS_MANAGE)
    with station.store.look() as conn:
        used = {row.id for row in models.in_use(conn)}
        return [_state(conn, row, in_use=row.id in used) for row in models.every(conn)]


def retire(station: Station, actor: Actor, name: str) -> ModelRow:
    """A model is asked no more, at once; what it said stays."""
    actor.check(Act.MODELS_MANAGE)
    with station.store.change() as conn:
        row = models.get(conn, name, lock=True)
        models.retire(conn, row.id, station.now())
        _note(conn, station, actor, "model.retire", row, {})
    return row


def confirm(
    station: Station, actor: Actor, name: str, site: str, cases: Sequence[LocalCase]
) -> Mapping[str, Mapping[str, Any]]:
    """Try every threshold on cases of the house; gives the figures by finding code.

    A threshold with too few cases, or no better than a coin, stays unconfirmed; all is kept.
    """
    actor.check(Act.MODELS_MANAGE)
    with station.store.look() as conn:
        row = models.get(conn, name)
        if site:
            sites.get(conn, site)
    card = _card(row)
    figures = _tried(_loaded(station.blobs, card), card, site, cases)
    if not figures:
        raise Invalid("cases", "no finding with a threshold", "columns named by finding codes")
    trial = ModelTrial(
        id=station.fresh(), model_id=row.id, site_code=site, by=actor.username, at=station.now(),
        figures=figures,
    )  # fmt: skip
    with station.store.change() as conn:
        if models.get(conn, name, lock=True).id != row.id:
            raise Invalid("model", name, "the version that was tried; another one came meanwhile")
        models.keep_trial(conn, trial)
        _note(conn, station, actor, "model.confirm", row, {"site": site, "figures": figures})
    return figures


def look(station: Station, site: str, film: tuple[Image, str, Gate]) -> tuple[Screening, ...]:
    """What every model in use says of a film (image, digest, gate) of an institution."""
    with station.store.look() as conn:
        states = [_state(conn, row, in_use=True) for row in models.in_use(conn)]
    if not states:
        return ()
    image, digest, gate = film
    grey, terms = _grey(image), editions.finding_terms()
    said = []
    for state in states:
        done = state.confirmed.get("", frozenset()) | state.confirmed.get(site, frozenset())
        try:
            loaded = LoadedModel(state.card, _loaded(station.blobs, state.card), done)
            said.append(screen_with(loaded, (grey, digest, gate), site, terms))
        except WorkbenchError as error:  # a model that breaks takes no other result with it
            said.append(silent(state.card, digest, str(error)))
    return tuple(said)


def keep(
    conn: Connection,
    station: Station,
    of: tuple[Exam, str],
    said: Sequence[Screening],
    facts: str,
) -> None:
    """Keep what models said of a file (exam, instance); a model opens no dismissed flag again."""
    exam, instance_id = of
    for one in said:
        place = (exam.id, instance_id)
        if screenings.add(conn, station.fresh(), place, one, station.now(), facts):
            flags.raised(conn, station, exam, one.findings, [])


@lru_cache(maxsize=HELD)
def _loaded(blobs: Blobs, card: ModelCard) -> Net:
    return runner_of(card).load(blobs.read(card.sha256), card)


def _grey(image: Image) -> Any:
    return film_grey8(image).astype(np.float32) / np.float32(WHITE)


def _tried(
    net: Net, card: ModelCard, site: str, cases: Sequence[LocalCase]
) -> dict[str, dict[str, Any]]:
    """Count by finding, and judge each threshold."""
    book = editions.rule_book(BOOK)
    counts = {c.finding: [0, 0, 0, 0] for c in card.known if c.point(site)}
    for case in cases:
        scores = net.scores(batch_of(_grey(case.image), card.given))[0]
        for one in card.known:
            point, truth = one.point(site), case.truth.get(one.finding)
            if point is None or truth is None:
                continue
            flagged = float(scores[one.index]) >= point.threshold
            counts[one.finding][(0 if flagged else 1) if truth else (3 if flagged else 2)] += 1
    figures = {}
    for code, four in counts.items():
        if any(four):
            count = TrialCount(*four)
            reason = judge_trial(count, book)
            figures[code] = {**asdict(count), "confirmed": not reason, "reason": reason}
    return figures


def _state(conn: Connection, row: ModelRow, *, in_use: bool) -> ModelState:
    """The last trial of a finding at an institution holds."""
    confirmed: dict[str, set[str]] = {}
    tried = models.trials(conn, row.id)
    for trial in tried:
        codes = confirmed.setdefault(trial.site_code, set())
        for code, figures in trial.figures.items():
            (codes.add if figures["confirmed"] else codes.discard)(code)
    held = {site: frozenset(codes) for site, codes in confirmed.items() if codes}
    return ModelState(row=row, card=_card(row), in_use=in_use, confirmed=held, trials=tried)


def _card(row: ModelRow) -> ModelCard:
    return read_card(tomllib.loads(row.manifest))


def _check_codes(card: ModelCard) -> None:
    terms = editions.finding_terms()
    for one in card.known:
        term = terms.get(one.finding)
        if term is None or term.modality != ExamKind.DR.value:
            raise BadCard("class.finding", one.finding, "a code of our DR vocabulary, or nothing")


def _note(
    conn: Connection,
    station: Station,
    actor: Actor,
    act: str,
    row: ModelRow,
    detail: Mapping[str, Any],
) -> None:
    audit.note(
        conn, station.now(), chain=SYSTEM, actor=actor.username, act=act,
        object=f"model/{row.name}", detail={"version": row.version, **detail},
    )  # fmt: skip
