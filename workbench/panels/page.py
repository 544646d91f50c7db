"""A page: state goes out in traits, one kind of event comes in, and every event is a request."""

import logging
import re
from collections.abc import Callable, Mapping
from importlib import resources
from types import MappingProxyType
from typing import Any, ClassVar

import ipyvue
import traitlets as t

from workbench.domain.actor import Actor
from workbench.domain.errors import WorkbenchError
from workbench.language import DEFAULT_LANGUAGE, say, translator
from workbench.panels.asked import Asked
from workbench.panels.desk import Desk

log = logging.getLogger(__name__)
_CALL = re.compile(r"""\bt\(\s*'((?:[^'\\]|\\.)*)'""")

Handler = Callable[[Any, Actor, Asked], None]


def source(name: str) -> str:
    """The text of a template, with the script and the styles that every template shares."""
    folder = resources.files("workbench").joinpath("panels", "templates")
    text = folder.joinpath(f"{name}.vue").read_text("utf-8")
    shared = folder.joinpath("base.js").read_text("utf-8")
    return text.replace("<script>", f"<script>\n{shared}", 1)


def style() -> str:
    """The one style sheet of all pages."""
    folder = resources.files("workbench").joinpath("panels", "templates")
    return "<style>\n" + folder.joinpath("base.css").read_text("utf-8") + "</style>\n"


def marked(text: str) -> tuple[str, ...]:
    """The strings a template asks to be translated."""
    return tuple(dict.fromkeys(m.replace("\\'", "'") for m in _CALL.findall(text)))


class Page(ipyvue.VueTemplate):  # type: ignore[misc]  # ipywidgets carries no types
    """One page of one browser; before its first event nobody is known, nothing personal shown."""

    texts = t.Dict().tag(sync=True)
    me = t.Dict().tag(sync=True)
    strip = t.Dict().tag(sync=True)
    said = t.Dict().tag(sync=True)  # {n, tone, text, act, key}: the last word to this browser

    acts: ClassVar[Mapping[str, Handler]] = MappingProxyType({})
    parts: ClassVar[Mapping[str, str]] = MappingProxyType({})  # tag -> template file

    def __init__(self, desk: Desk, template: str, **traits: Any) -> None:
        own = {tag: source(file) for tag, file in self.parts.items()}
        main = source(template)
        self.desk = desk
        self.language = ""
        self._marked = tuple(s for text in (main, *own.values()) for s in marked(text))
        super().__init__(template=style() + main, components=own, **traits)
        self.speak(DEFAULT_LANGUAGE)

    def set_state(self, sync_data: object) -> None:
        """Take no trait from a browser: what the page shows comes from the database alone."""

    def _handle_event(self, _widget: object, content: object, _buffers: object) -> None:
        """Take `ask` only; the inherited way lets a browser name any method, module or class."""
        said = content if isinstance(content, Mapping) else {}
        data = said.get("data")
        if said.get("event") == "ask" and isinstance(data, Mapping):
            self.vue_ask(data)

    def vue_ask(self, data: Mapping[str, object]) -> None:
        """Answer one request, as the person whom the database knows now."""
        act = data.get("act")
        handler = self.acts.get(act) if isinstance(act, str) else None
        if handler is None:
            log.warning("an unknown request was ignored")
            return
        try:
            actor = self.desk.actor()
            self.speak(actor.language)
            handler(self, actor, Asked(data))
        except WorkbenchError as error:
            self.tell(say(error, translator(self.language)), "error", data)
        except Exception as error:  # noqa: BLE001 - one fault may not end the page; its text may hold patient data
            log.error("request %s failed: %s", act, type(error).__name__)  # noqa: TRY400
            self.tell(self.sorry(error), "error", data)

    def sorry(self, error: Exception) -> str:
        """What to do after a fault that is not the user's."""
        _ = translator(self.language)
        if type(error).__module__.startswith(("sqlalchemy", "psycopg")):
            return _("The database cannot be reached; nothing was changed. Try again in a moment.")
        return _(
            "Something failed inside; nothing was changed. Try again, then tell the administrator."
        )

    def tell(self, text: str, tone: str = "ok", about: Mapping[str, object] | None = None) -> None:
        """Say one sentence to the person at this page."""
        about = about or {}
        self.said = {
            "n": self.said.get("n", 0) + 1,
            "tone": tone,
            "text": text,
            "act": str(about.get("act", "")),
            "key": str(about.get("key", "")),
        }

    def speak(self, language: str) -> None:
        """Use this language from now on."""
        if language != self.language:
            self.language = language
            translate = translator(language)
            self.texts = {text: translate(text) for text in self._marked}
