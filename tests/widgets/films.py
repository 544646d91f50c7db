"""Films of known greys, and what the screen shows of them."""

import io
from typing import Any

import numpy as np
from browser_page import Page
from PIL import Image

ROWS, COLUMNS = 400, 300
AS_GRAPHICS_CARD = """for (const kind of [WebGLRenderingContext, WebGL2RenderingContext]) {
  const own = kind.prototype.getParameter;
  kind.prototype.getParameter = function (name) {
    return name === 37446 ? "Some Graphics Card" : own.call(this, name);
  };
}"""


def wedge(offset: int = 0) -> np.ndarray:
    """Four quarters of 500, 1500, 2500 and 3500."""
    values = np.full((ROWS, COLUMNS), 500 + offset, np.uint16)
    values[:, COLUMNS // 2 :] += 1000
    values[ROWS // 2 :] += 2000
    return values


def src(name: str, **meta: object) -> dict[str, Any]:
    facts = {
        "vois": [{"kind": "LINEAR_EXACT", "center": 2000, "width": 4000, "label": ""}],
        "invert": False,
        "spacing": {"row_mm": 0.2, "column_mm": 0.2, "kind": "detector"},
    }
    return {
        "id": name,
        "preview_url": f"/p/{name}.jpg",
        "full_url": f"/f/{name}",
        "meta": {**facts, **meta},
    }


def opened(page: Page, name: str, viewer: str = "film") -> None:
    shown = f"models['{viewer}'].get('shown')"
    page.wait(f"{shown}.id === '{name}' && {shown}.stage === 'full'")


def greys(page: Page, viewer: str = "film") -> list[int]:
    """Greys at the middles of the four quarters, read from the screen."""
    box = page.tab.locator(f"#{viewer} .wb-pane:not([hidden]) .wb-screen").bounding_box()
    width = min(box["width"], box["height"] * COLUMNS / ROWS)
    height = width * ROWS / COLUMNS
    left, top = box["x"] + (box["width"] - width) / 2, box["y"] + (box["height"] - height) / 2
    picture = Image.open(io.BytesIO(page.tab.screenshot())).convert("L")
    return [
        picture.getpixel((int(left + width * x), int(top + height * y)))
        for y in (0.3, 0.7)
        for x in (0.3, 0.7)
    ]


def shows(page: Page, expected: list[int], viewer: str = "film") -> None:
    got: list[int] = []
    for _ in range(40):  # each turn waits for one more frame on its way to the screen
        got = greys(page, viewer)
        if np.allclose(got, expected, atol=3):
            return
        page.tab.evaluate("new Promise(requestAnimationFrame)")
    assert got == expected, (got, expected)


PLAIN = [32, 96, 159, 223]  # 500, 1500, 2500, 3500 in a window of 0 to 4000
