"""A film made small and square, and outlines brought back to where they were."""

import numpy as np
import pytest

from workbench.radiograph.thorax_frame import (
    Window,
    on_film,
    preview,
    squared,
    unzoomed,
    window_of,
)

WHOLE = Window(0.0, 0.0, 1.0, 1.0)


def busy(rows, columns, seed=1):
    return np.random.default_rng(seed).random((rows, columns), np.float32)


def disc(side, row, column, radius):
    y, x = np.mgrid[:side, :side] + 0.5
    return (np.hypot(y - row * side, x - column * side) < radius * side).astype(np.float32)


def test_a_preview_averages_whole_cells():
    grey = np.kron(np.array([[0.1, 0.5], [0.9, 0.3]], np.float32), np.ones((1024, 1024)))
    small = preview(grey.astype(np.float32))
    assert small.shape == (512, 512)
    assert small[:256, :256] == pytest.approx(0.1, abs=1e-6)
    assert small[256:, :256] == pytest.approx(0.9, abs=1e-6)


def test_a_small_film_is_its_own_preview():
    grey = busy(300, 200)
    assert np.array_equal(preview(grey), grey)


def test_black_blades_are_left_out_of_the_window():
    film = np.zeros((400, 400), np.float32)
    film[40:360, 60:340] = busy(320, 280)
    window = window_of(film)
    found = np.array([window.top, window.left, window.bottom, window.right]) * 400
    assert found == pytest.approx([40, 60, 360, 340], abs=1.5)


def test_a_dark_film_with_a_bright_corner_is_not_taken_for_frame():
    film = np.full((300, 300), 0.2, np.float32)
    film[200:, 200:] = busy(100, 100)
    assert window_of(film) == WHOLE


def test_a_long_film_is_padded_and_not_squeezed():
    window = window_of(busy(400, 200))
    assert (window.right - window.left) * 200 == pytest.approx(400 / 1.2, abs=1)
    assert window.left < 0


def test_greys_run_from_minus_to_plus_one_half_whatever_the_exposure():
    film = busy(300, 280)
    for dimmed in (film, film * 0.2 + 0.4):
        square = squared(dimmed, WHOLE, 96)
        assert square.min() == pytest.approx(-0.5)
        assert square.max() == pytest.approx(0.5, abs=1e-3)


def test_an_exchanged_film_gives_an_exchanged_square():
    film = busy(300, 280)
    assert squared(1 - film, WHOLE, 96) == pytest.approx(-squared(film, WHOLE, 96), abs=2e-3)


@pytest.mark.parametrize("zoom", [1.0, 1.15, 1.3])
def test_looking_from_further_away_and_back_keeps_the_place(zoom):
    film = disc(400, 0.4, 0.6, 0.2)
    far = squared(film, WHOLE, 240, zoom)[None]
    near = unzoomed(far, 240, zoom)[0] > 0
    wanted = disc(240, 0.4, 0.6, 0.2) > 0.5
    assert 2 * (near & wanted).sum() / (near.sum() + wanted.sum()) > 0.97


@pytest.mark.parametrize("shape", [(3000, 2500), (250, 301), (97, 64)])
def test_an_outline_is_drawn_at_the_size_of_the_film(shape):
    found = on_film(disc(240, 0.4, 0.6, 0.2), WHOLE, shape)
    y = (np.arange(shape[0])[:, None] + 0.5) / shape[0]
    x = (np.arange(shape[1])[None] + 0.5) / shape[1]
    wanted = np.hypot(y - 0.4, x - 0.6) < 0.2
    assert found.shape == shape
    assert 2 * (found & wanted).sum() / (found.sum() + wanted.sum()) > 0.97


def test_an_outline_stays_inside_its_window():
    window = Window(0.1, 0.2, 0.9, 0.7)
    found = on_film(np.ones((240, 240), np.float32), window, (200, 200))
    rows, columns = np.nonzero(found)
    assert (rows.min(), rows.max()) == pytest.approx((20, 179), abs=1)
    assert (columns.min(), columns.max()) == pytest.approx((40, 139), abs=1)


def test_nothing_found_draws_nothing():
    assert not on_film(np.zeros((240, 240), np.float32), WHOLE, (50, 60)).any()
