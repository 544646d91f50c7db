"""Where a tracing is printed: the server makes the page, this kernel only names its address."""

from typing import Any

from workbench.domain.actor import Act, Actor
from workbench.domain.errors import NotFound, WorkbenchError
from workbench.language import say, translator
from workbench.panels import addresses
from workbench.panels.asked import Asked
from workbench.panels.viewers import TRACE

LOOK = ("layout", "order", "rhythm", "speed", "gain", "high_pass", "low_pass", "notch", "from_s")


def ecg(page: Any, actor: Actor, asked: Asked) -> None:
    """Print the tracing on the screen as it stands there; the address says how."""
    key = asked.text("id", 100)
    number = page.ecg.printed.get("n", 0) + 1
    try:
        actor.check(Act.EXAM_OPEN)
        if key not in {p.source["id"] for p in page.desktop.pictures if p.form == TRACE}:
            raise NotFound("image", key)
    except WorkbenchError as error:
        said = say(error, translator(actor.language))
        page.ecg.printed = {"n": number, "id": key, "url": "", "error": said}
        raise
    look = {name: asked.data[name] for name in LOOK if name in asked.data}
    # the number keeps a second print of the same look from being the first one's cached page
    address = addresses.ecg_print(key, {**look, "n": number})
    page.ecg.printed = {"n": number, "id": key, "url": address, "error": ""}
