"""Millimetres on a calibrated screen, measured in its pixels."""

import numpy as np
import pytest
from browser_page import Page
from ecg_traces import darkness, mounted, square

DISPLAY = """(() => {
  const here = localStorage.getItem("wb-display");
  const { width, height, availLeft = 0, availTop = 0 } = screen;
  return `${here}:${width}x${height}@${availLeft},${availTop}`;
})()"""


def at_real_size(page: Page, px_per_mm: float, **traits: object) -> None:
    """Mount a viewer on a screen that was measured, and show real size."""
    page.server.blobs["/trace/square"] = square()
    page.tab.evaluate("localStorage.setItem('wb-display', '0123456789ab')")
    known = {page.tab.evaluate(DISPLAY): px_per_mm}
    mounted(page, "square", calibrations=known, lead_layout="12x1", height=430, **traits)
    page.tab.locator("#ecg [data-name=real]").click()
    page.wait("document.querySelector('#ecg [data-name=real]').ariaPressed === 'true'")
    page.wait(
        f"""Math.abs(document.querySelector('#ecg .wb-sheet').getBoundingClientRect().width
          * devicePixelRatio / {px_per_mm} - 265) < 0.5"""
    )


def centre(weights: np.ndarray) -> float:
    """Middle of a line in pixels, weighted by its darkness."""
    return float((weights * (np.arange(len(weights)) + 0.5)).sum() / weights.sum())


@pytest.mark.parametrize(
    ("page", "px_per_mm"),
    [({}, 3.0), ({}, 3.704), ({}, 4.41), ({"device_scale_factor": 2}, 7.133)],
    indirect=["page"],
)
def test_one_millivolt_is_ten_and_one_second_twenty_five_millimetres(
    page: Page, px_per_mm: float
) -> None:
    at_real_size(page, px_per_mm)
    dark = darkness(page)
    baseline = 10 + 5  # mm: the first row of 12x1 lies in the middle of its 10 mm
    row = dark[: round((baseline + 3) * px_per_mm)]

    def column(seconds: float) -> np.ndarray:
        x = (10 + seconds * 25) * px_per_mm
        return row[:, round(x) - 2 : round(x) + 3].mean(axis=1)

    low = [centre(column(s + 0.75)[round(12 * px_per_mm) :]) for s in range(6)]
    high = [centre(column(s + 0.25)[: round(9 * px_per_mm)]) for s in range(6)]
    millimetres = (np.array(low) + round(12 * px_per_mm) - np.array(high)) / px_per_mm
    assert np.abs(millimetres - 10).max() < 0.1

    # the flank at the begin of each second, half way up
    y = round((baseline - 5) * px_per_mm)
    edge = []
    for s in range(1, 9):
        left = round((10 + s * 25 - 4) * px_per_mm)
        right = round((10 + s * 25 + 4) * px_per_mm)
        edge.append(left + centre(dark[y - 2 : y + 3, left:right].mean(axis=0)))
    seconds = np.diff(edge) / px_per_mm
    assert np.abs(seconds - 25).max() < 0.1
    assert abs((edge[-1] - edge[0]) / px_per_mm - 7 * 25) < 0.1  # no drift over the sheet


def test_the_screen_says_that_it_shows_real_size_only_when_it_was_measured(page: Page) -> None:
    at_real_size(page, 3.704)
    page.tab.locator("#ecg [data-name=fit]").click()
    page.wait("document.querySelector('#ecg [data-name=real]').ariaPressed === 'false'")
    assert page.tab.locator("#ecg [data-name=real]").is_enabled()
