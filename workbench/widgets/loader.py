"""The few bytes each widget sends: they fetch the built module by HTTP, cached for ever."""

import json
import os
from pathlib import Path

STATIC = Path(__file__).parent / "static"
MANIFEST = "manifest.json"
BASE_URL = (
    "WORKBENCH_BASE_URL"  # prefix under which the server runs behind a proxy, such as /reading
)
NOT_BUILT = "The viewers are not built; run: npm ci && npm run build in the folder frontend."
NOT_LOADED = "This part of the page could not be loaded; please reload the page."


def digest(name: str) -> str | None:
    """Return the sha256 the build recorded for `name`, or None without a readable build."""
    try:
        found = json.loads((STATIC / MANIFEST).read_text("utf-8"))[name]["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) and (STATIC / name).is_file() else None


def loader(module: str) -> str:
    """Return the ES module that loads a viewer, or one that says on screen what to do."""
    name = f"{module}.js"
    sha256 = digest(name)
    if sha256 is None:
        return _saying(NOT_BUILT)
    base = os.environ.get(BASE_URL, "").rstrip("/")
    address = json.dumps(f"{base}/wb/static/{name}?v={sha256[:16]}")
    # anywidget imports this text from a blob address, so a path alone would not resolve
    return (
        f"const u=new URL({address},location.origin);"
        "export default{async render(c){let m;"
        "try{m=await import(u.href)}catch(e){" + _words(NOT_LOADED) + "return}"
        "return m.default.render(c)}}"
    )


def _saying(sentence: str) -> str:
    return "export default{render(c){" + _words(sentence) + "}}"


def _words(sentence: str) -> str:
    source = json.dumps(sentence)
    return (
        f"const s={source};c.el.textContent=(c.model.get('texts')||{{}})[s]||s;"
        "c.el.setAttribute('role','alert');"
    )
