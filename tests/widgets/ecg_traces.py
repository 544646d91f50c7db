"""Tracings for tests of the ECG viewer, as bytes of the route, and what is on its canvases."""

import io
from typing import Any

import numpy as np
from browser_page import Page
from PIL import Image

from workbench.widgets.ecg_viewer import EcgViewer

LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


def trace(seed: int = 1, seconds: float = 10, rate: int = 500, leads: int = 12) -> bytes:
    """Noise with a beat of 1 mV each second."""
    noise = np.random.default_rng(seed).normal(0, 30, (leads, int(seconds * rate)))
    beats = 1000 * (np.arange(noise.shape[1]) % rate < 20)
    return np.asarray(noise + beats, "<i2").tobytes()


def square(seconds: float = 10, rate: int = 500, leads: int = 12) -> bytes:
    """1 mV for the first half of each second, else 0."""
    wave = 1000 * (np.arange(int(seconds * rate)) % rate < rate // 2)
    return np.tile(wave.astype("<i2"), (leads, 1)).tobytes()


def src(name: str, **meta: object) -> dict[str, Any]:
    """What Python tells the viewer of one tracing."""
    facts = {"rate": 500, "leads": LEADS, "lsb_uv": 1.0, **meta}
    return {"id": name, "url": f"/trace/{name}", "meta": facts}


def opened(page: Page, name: str, viewer: str = "ecg") -> None:
    """Wait until a tracing is on the screen."""
    page.wait(f"models['{viewer}'].get('shown').id === '{name}'")


def mounted(page: Page, name: str, viewer: str = "ecg", **traits: Any) -> None:
    """Mount a viewer and wait for its tracing."""
    meta = traits.pop("meta", {})
    page.mount(viewer, EcgViewer(src=src(name, **meta), **traits))
    opened(page, name, viewer)


def paper(page: Page, viewer: str = "ecg") -> tuple[dict[str, float], float]:
    """Where the sheet of ten seconds lies, and its pixels per millimetre."""
    box = page.tab.locator(f"#{viewer} .wb-sheet").bounding_box()
    return box, box["width"] / 265


def ink(page: Page, viewer: str = "ecg", layer: str = "traces") -> int:
    """How many pixels of a layer (paper, traces, over) carry anything."""
    return int(
        page.tab.evaluate(
            """([viewer, layer]) => {
              const canvas = document.querySelector(`#${viewer} canvas[data-layer=${layer}]`);
              const pen = canvas.getContext("2d");
              const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
              let n = 0;
              for (let i = 3; i < data.length; i += 4) if (data[i]) n += 1;
              return n;
            }""",
            [viewer, layer],
        )
    )


def darkness(page: Page, viewer: str = "ecg") -> np.ndarray:
    """The traces alone, as they are on the screen: 0 for paper to 1 for ink, device pixels."""
    page.tab.evaluate(
        """(viewer) => {
          for (const layer of ["paper", "over"])
            document.querySelector(`#${viewer} canvas[data-layer=${layer}]`).style.opacity = 0;
          document.querySelector(`#${viewer} .wb-window`).style.background = "#fff";
        }""",
        viewer,
    )
    shot = page.tab.locator(f"#{viewer} .wb-window").screenshot()
    grey = np.asarray(Image.open(io.BytesIO(shot)).convert("L"), float)
    return 1 - grey / 255


def drag(page: Page, begin: tuple[float, float], end: tuple[float, float], key: str = "") -> None:
    """Drag with the mouse between two points in CSS pixels, holding a key."""
    if key:
        page.tab.keyboard.down(key)
    page.tab.mouse.move(*begin)
    page.tab.mouse.down()
    page.tab.mouse.move(*end, steps=4)
    page.tab.mouse.up()
    if key:
        page.tab.keyboard.up(key)
