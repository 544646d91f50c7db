"""Written lines, panels and colour: pictures drawn by another program beside grain and markers."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from workbench.radiograph.foreign import coloured, letters, panel, shrink


@pytest.fixture
def grain():
    """A dim film with noise and soft shapes, 900 x 800."""
    chance = np.random.default_rng(3)
    y, x = np.mgrid[:900, :800]
    soft = 90 + 60 * np.sin(x / 90) * np.cos(y / 120)
    return np.clip(soft + chance.normal(0, 6, soft.shape), 10, 245).astype(np.uint8)


def written_on(film, text, size=22, shade=255):
    picture = Image.fromarray(film)
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(text.split("\n")):
        draw.text((30, 30 + 1.6 * size * number), line, shade, font=ImageFont.load_default(size))
    return np.asarray(picture)


def count(film):
    return letters(shrink(film) / np.float32(255))


def test_a_film_holds_no_letters(grain):
    assert count(grain) == 0


@pytest.mark.parametrize("text", ["R", "L", "AP", "R\nAP"])
def test_a_marker_is_no_line(grain, text):
    assert count(written_on(grain, text, 40)) == 0


@pytest.mark.parametrize("size", [12, 18, 30])
@pytest.mark.parametrize("shade", [255, 0])
def test_a_name_and_a_number_are_counted(grain, size, shade):
    film = written_on(grain, "ZHANG SAN 1971-03-12\nID 20260112345\nTOWN HOSPITAL", size, shade)
    assert count(film) >= 20


def test_a_panel_of_one_grey_is_found_and_black_and_white_borders_are_none(grain):
    assert panel(grain) < 0.01
    bordered = grain.copy()
    bordered[:, :200] = 0
    bordered[:, 700:] = 255
    assert panel(bordered) < 0.01
    bordered[:, :200] = 60
    assert panel(bordered) == pytest.approx(0.25, abs=0.01)


def test_colour_is_a_share_of_the_picture(grain):
    grey = np.dstack([grain] * 3)
    assert coloured(grey) == 0
    grey[:90, :, 2] = 0
    assert coloured(grey) > 0.09


@pytest.mark.parametrize(("shape", "wanted"), [((50, 40), (50, 40)), ((2049, 1500), (683, 500))])
def test_films_are_averaged_in_whole_blocks(shape, wanted):
    film = np.arange(shape[0] * shape[1], dtype=np.float32).reshape(shape)
    small = shrink(film)
    assert small.shape == wanted
    step = shape[0] // wanted[0]
    assert small[0, 0] == pytest.approx(film[:step, :step].mean())
    assert small[-1, -1] == pytest.approx(
        film[(wanted[0] - 1) * step : wanted[0] * step, -step - shape[1] % step :].mean(), rel=0.1
    )
