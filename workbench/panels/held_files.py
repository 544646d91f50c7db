"""Files nobody could file, on the administrator's page; the worker does the filing."""

from typing import Any

from workbench.domain.actor import Actor
from workbench.language import translator
from workbench.panels import words
from workbench.panels.asked import Asked
from workbench.panels.words import Translate
from workbench.store.quarantine import Held
from workbench.workflow import quarantine


def refresh(page: Any, actor: Actor, asked: Asked) -> None:
    """What waits for a decision, what the worker is filing, and what became of the others."""
    del asked
    station, _ = page.desk.station, translator(actor.language)
    page.held = {
        "waiting": [_waiting(h, _) for h in quarantine.waiting(station, actor)],
        "decided": [_decided(h, _) for h in quarantine.decided(station, actor)],
        "conflicts": [
            {
                "id": c.id,
                "site_code": c.site_code,
                "uid": c.uid,
                "source": c.source,
                "at": words.moment(c.received_at),
                "sha256": c.sha256[:16],
            }
            for c in quarantine.unsettled(station, actor)
        ],
    }


def _waiting(one: Held, _: Translate) -> dict[str, object]:
    return {
        "id": one.id,
        "source": one.source,
        "reason": words.evidence(one.reason, _),
        "at": words.moment(one.received_at),
        "files": _files(one),
        "filing": one.filing_site or "",
        "refused": words.evidence(one.refused, _),
    }


def _decided(one: Held, _: Translate) -> dict[str, object]:
    """A decision in words; what the worker wrote is "outcome:institution"."""
    outcome, _colon, rest = (one.outcome or "").partition(":")
    return {
        "id": one.id,
        "source": one.source,
        "at": words.moment(one.settled_at),
        "by": one.settled_by or "",
        "files": _files(one),
        "outcome": outcome,
        "outcome_label": words.named("Filing", outcome, _),
        "site_code": "" if outcome == "discarded" else rest,
        "why": rest.strip() if outcome == "discarded" else "",
    }


def _files(one: Held) -> list[dict[str, object]]:
    return [{"name": p.name, "size": p.size} for p in one.parts]


def release(page: Any, actor: Actor, asked: Asked) -> None:
    """The files belong to an institution after all."""
    quarantine.release(page.desk.station, actor, asked.text("key", 64), asked.text("site_code", 32))
    page.tell(translator(actor.language)("The files are being filed."), "info", asked.data)
    refresh(page, actor, asked)


def discard(page: Any, actor: Actor, asked: Asked) -> None:
    """The files are not ours."""
    quarantine.discard(page.desk.station, actor, asked.text("key", 64), asked.text("reason", 500))
    page.tell(translator(actor.language)("The files are set aside for good."), about=asked.data)
    refresh(page, actor, asked)
