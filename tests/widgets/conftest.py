"""A browser page with the built viewers, and pictures of known content."""

import json
import os
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from page_server import ROOT, STATIC, Handler, serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--enable-unsafe-swiftshader",
]  # fmt: skip
TEXTS = json.loads((ROOT / "tests/frontend/zh_CN.json").read_text("utf-8"))


def coded_film(values: np.ndarray) -> bytes:
    """Code modality values as the full-depth route does, written down a second time on purpose."""
    step = np.diff(values.astype(np.int32), axis=1, prepend=0).astype(np.int16).astype(np.int32)
    words = ((step << 1) ^ (step >> 15)).astype(np.uint16)
    planes = np.stack([words & 0xFF, words >> 8]).astype(np.uint8).tobytes()
    header = json.dumps({
        "rows": values.shape[0], "columns": values.shape[1], "dtype": str(values.dtype), "coding": "delta-zigzag-planes-deflate",
    }).encode()  # fmt: skip
    return len(header).to_bytes(4, "little") + header + zlib.compress(planes, 1)


@dataclass
class Page:
    """One browser page with the harness, and what it asked the server for."""

    tab: Any
    server: type[Handler]
    outside: list[str]
    errors: list[str]

    def mount(self, name: str, widget: Any, **state: object) -> None:
        sent = widget.get_state()
        sent.update(texts=TEXTS, **state)
        esm = sent.pop("_esm")
        keep = {k: v for k, v in sent.items() if not k.startswith("_") and k not in ("layout", "tooltip", "tabbable")}
        self.tab.evaluate("([name, esm, state]) => mount(name, esm, state)", [name, esm, keep])

    def set(self, name: str, trait: str, value: object) -> None:
        self.tab.evaluate("([n, t, v]) => models[n].set(t, v)", [name, trait, value])

    def trait(self, name: str, trait: str) -> Any:
        return self.tab.evaluate("([n, t]) => models[n].get(t)", [name, trait])

    def wait(self, condition: str) -> None:
        self.tab.wait_for_function(condition, timeout=20000)

    def facts(self) -> dict[str, Any]:
        return dict(self.tab.evaluate("window.__wb"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if not (STATIC / "manifest.json").exists():
        pytest.skip("the viewers are not built; run npm ci && npm run build in frontend")
    if CHROMIUM is None:
        pytest.skip("no Chromium here; install Debian's package chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Page]:
    with serving() as (address, handler):
        context = browser.new_context(viewport={"width": 1600, "height": 1000}, locale="zh-CN", timezone_id="Asia/Shanghai")
        tab = context.new_page()
        made = Page(tab, handler, [], [])
        tab.on("request", lambda r: None if r.url.startswith((address, "blob:", "data:")) else made.outside.append(r.url))
        tab.on("pageerror", lambda e: made.errors.append(str(e)))
        tab.goto(address)
        tab.wait_for_function("window.ready")
        yield made
        context.close()
        assert made.outside == [], "a viewer asked another host"
        assert made.errors == [], "a viewer threw"
