"""What every page shows of the house and of the person: header strip, rooms, language."""

from workbench.domain.actor import Act, Actor
from workbench.language import DEFAULT_LANGUAGE, label, translator
from workbench.panels import addresses, words
from workbench.panels.asked import Asked
from workbench.panels.page import Page
from workbench.workflow import preferences, screen_checks, sites, strip

_ROOMS = {
    "reading": frozenset({Act.EXAM_OPEN}),
    "patients": frozenset({Act.PATIENT_MERGE}),
    "clinic": frozenset({Act.ORDER_WRITE, Act.ALERT_ACKNOWLEDGE}),
    "quality": frozenset({Act.QUALITY_SEE}),
    "people": frozenset({Act.PEOPLE_MANAGE}),
}


def enter(page: Page, actor: Actor, here: str) -> None:
    """Show who is here and which rooms are open to them."""
    _ = translator(actor.language)
    names = {s.code: s.name for s in sites.every(page.desk.station, actor)}
    rooms = [
        {"name": n, "label": words.named("Room", n, _), "url": addresses.page(n), "here": n == here}
        for n, acts in _ROOMS.items()
        if any(actor.may(a) for a in acts)
    ]
    page.me = {
        "username": actor.username,
        "name": actor.name,
        "role": label(actor.role, _),
        "site": names.get(actor.site_code, actor.site_code),
        "language": actor.language,
        "other_language": "en" if actor.language == DEFAULT_LANGUAGE else DEFAULT_LANGUAGE,
        "rooms": rooms,
        "leave": addresses.leave(),
    }
    signs(page, actor)


def signs(page: Page, actor: Actor) -> None:
    """Read the header strip anew."""
    seen = strip.look(page.desk.station, actor)
    page.strip = {
        "now": words.millis(seen.now),
        "demo": seen.demo,
        "worker_at": words.millis(seen.worker_at),
        "worker_silent": seen.worker_silent,
        "waiting": seen.waiting,
        "oldest_at": words.millis(seen.oldest_at),
        "oldest_long": seen.oldest_long,
        "disk": None if seen.disk_free_percent is None else round(seen.disk_free_percent),
        "disk_low": seen.disk_low,
        "backup_at": words.millis(seen.backup_at),
        "backup_late": seen.backup_late,
        "screens": _screens(page, actor),
    }


def _screens(page: Page, actor: Actor) -> dict[str, object] | None:
    """Last looks at this person's screens; the browser knows which one it stands on."""
    if not actor.may(Act.SCREEN_CHECK):
        return None
    seen = screen_checks.screens(page.desk.station, actor)
    return {
        "url": addresses.screen(),
        "holds": round(seen.holds.total_seconds() * 1000),
        "last": {
            display: {"at": words.millis(one.at), "failed": bool(one.failed)}
            for display, one in seen.last.items()
        },
    }


def speak(page: Page, actor: Actor, asked: Asked) -> None:
    """The person chose another language; the browser then loads the page anew."""
    preferences.speak(page.desk.station, actor, asked.text("language", 20))
    page.tell("", "reload")
