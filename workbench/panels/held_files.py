"""Files nobody could file, on the administrator's page.

The acts bring the file readers along, so they are imported when an administrator opens this page:
no reading page ever pays for them.
"""

from typing import Any

from workbench.domain.actor import Actor
from workbench.language import translator
from workbench.panels import words
from workbench.panels.asked import Asked


def refresh(page: Any, actor: Actor, asked: Asked) -> None:
    """What waits for a decision."""
    from workbench.workflow import quarantine  # noqa: PLC0415 - see above

    del asked
    station, _ = page.desk.station, translator(actor.language)
    page.held = {
        "waiting": [
            {
                "id": h.id,
                "source": h.source,
                "reason": words.evidence(h.reason, _),
                "at": words.moment(h.received_at),
                "files": [{"name": p.name, "size": p.size} for p in h.parts],
                "sha256": h.sha256[:16],
            }
            for h in quarantine.waiting(station, actor)
        ],
        "conflicts": [
            {
                "id": c.id,
                "site_code": c.site_code,
                "uid": c.uid,
                "source": c.source,
                "at": words.moment(c.received_at),
                "sha256": c.sha256[:16],
            }
            for c in quarantine.conflicts(station, actor)
        ],
    }


def release(page: Any, actor: Actor, asked: Asked) -> None:
    """The files belong to an institution after all."""
    from workbench.workflow import quarantine  # noqa: PLC0415 - see above

    quarantine.release(page.desk.station, actor, asked.text("key", 64), asked.text("site_code", 32))
    page.tell(translator(actor.language)("The files are filed."), about=asked.data)
    refresh(page, actor, asked)


def discard(page: Any, actor: Actor, asked: Asked) -> None:
    """The files are not ours."""
    from workbench.workflow import quarantine  # noqa: PLC0415 - see above

    quarantine.discard(page.desk.station, actor, asked.text("key", 64), asked.text("reason", 500))
    page.tell(translator(actor.language)("The files are set aside for good."), about=asked.data)
    refresh(page, actor, asked)
