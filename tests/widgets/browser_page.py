"""One browser page with the harness, and a film coded a second time."""

import json
import shutil
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from page_server import Handler

from workbench.language import translator
from workbench.widgets.beat_texts import BEAT_TEXTS
from workbench.widgets.texts import ECG_TEXTS, FILM_TEXTS, LOADER_TEXTS, SHELL_TEXTS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
]
_SAID = (*LOADER_TEXTS, *ECG_TEXTS, *BEAT_TEXTS, *FILM_TEXTS, *SHELL_TEXTS)
TEXTS = {text: translator("zh_CN")(text) for text in _SAID}  # what readers see


def coded_film(values: np.ndarray) -> bytes:
    """Code modality values as the full-depth route does, written down a second time on purpose."""
    step = np.diff(values.astype(np.int32), axis=1, prepend=0).astype(np.int16).astype(np.int32)
    words = ((step << 1) ^ (step >> 15)).astype(np.uint16)
    planes = np.stack([words & 0xFF, words >> 8]).astype(np.uint8).tobytes()
    rows, columns = values.shape
    facts = {"rows": rows, "columns": columns, "dtype": str(values.dtype)}
    header = json.dumps({**facts, "coding": "delta-zigzag-planes-deflate"}).encode()
    return len(header).to_bytes(4, "little") + header + zlib.compress(planes, 1)


@dataclass
class Page:
    """One browser page with the harness, and what it asked the server for."""

    tab: Any
    server: type[Handler]
    outside: list[str]
    errors: list[str]
    backend: str = ""

    def mount(self, name: str, widget: Any, **state: object) -> None:
        sent = widget.get_state()
        sent.update(texts=TEXTS, **state)
        esm = sent.pop("_esm")
        keep = {
            k: v
            for k, v in sent.items()
            if not k.startswith("_") and k not in ("layout", "tooltip", "tabbable")
        }
        self.tab.evaluate("([name, esm, state]) => mount(name, esm, state)", [name, esm, keep])

    def set(self, name: str, trait: str, value: object) -> None:
        self.tab.evaluate("([n, t, v]) => models[n].set(t, v)", [name, trait, value])

    def trait(self, name: str, trait: str) -> Any:
        return self.tab.evaluate("([n, t]) => models[n].get(t)", [name, trait])

    def sent(self, name: str) -> list[dict[str, Any]]:
        """Messages a viewer sent to Python."""
        return list(self.tab.evaluate("(n) => models[n].sent", name))

    def wait(self, condition: str) -> None:
        self.tab.wait_for_function(condition, timeout=20000)

    def facts(self) -> dict[str, Any]:
        return dict(self.tab.evaluate("window.__wb"))
