"""What a page needs around its widgets: a watch on the connection, keys, downloads, local time."""

from typing import Any

import anywidget
import traitlets as t

from workbench.widgets import incoming
from workbench.widgets.loader import loader


class Shell(anywidget.AnyWidget):
    """Invisible; one per page.

    The browser asks every `beat_seconds`; Python answers through `beat`. Without an answer for
    `patience_seconds` the page says that the connection is lost. `last_key` is ``{key, n}``; `n`
    grows, so that the same key is heard twice. (`keys` itself belongs to ipywidgets.)
    """

    _esm = t.Unicode().tag(sync=True)
    hot_keys = t.List(t.Unicode()).tag(sync=True)  # such as "n", "Enter", "ctrl+s"
    texts = t.Dict().tag(sync=True)
    beat = t.Int(0).tag(sync=True)
    beat_seconds = t.Float(5.0, min=0.2).tag(sync=True)
    patience_seconds = t.Float(15.0, min=0.5).tag(sync=True)
    time_zone = t.Unicode().tag(sync=True)  # from the browser
    last_key = t.Dict()  # set here only, after the check

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.on_msg(self._heard)

    @t.default("_esm")
    def _loader(self) -> str:
        return loader("shell")

    @t.validate("time_zone")
    def _checked_zone(self, proposal: dict[str, Any]) -> str:
        return incoming.text(proposal["value"], "time zone")

    def open_url(self, url: str, download: str = "") -> None:
        """Open an address of this server in a new tab, or save it under the name `download`."""
        self.send({"kind": "open_url", "url": url, "download": download})

    def _heard(self, _widget: object, content: object, _buffers: object) -> None:
        said = content if isinstance(content, dict) else {}
        n, key = said.get("n"), said.get("key")
        if said.get("kind") == "beat" and isinstance(n, int):
            self.beat = n
        elif said.get("kind") == "key" and key in self.hot_keys:
            self.last_key = {"key": key, "n": self.last_key.get("n", 0) + 1}
