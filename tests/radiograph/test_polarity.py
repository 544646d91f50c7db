"""How a chest film is asked whether black and white are exchanged."""

import numpy as np
import pytest

from workbench.radiograph.polarity import chest_polarity


def test_a_flat_film_says_nothing_and_a_small_one_is_refused():
    assert chest_polarity(np.full((100, 100), 7, np.uint8)) == 0.0
    with pytest.raises(ValueError, match="at least 64 x 64"):
        chest_polarity(np.zeros((63, 100), np.uint8))


def test_inversion_turns_the_sign_and_a_window_does_not():
    film = np.random.default_rng(1).integers(0, 200, (128, 160)).astype(np.uint8)
    film[30:80, 30:60] = film[30:80, 100:130] = 20
    plain = chest_polarity(film)
    assert plain > 0
    assert chest_polarity(255 - film) == pytest.approx(-plain)
    squeezed = (film // 2 + 40).astype(np.uint8)
    assert chest_polarity(squeezed) == pytest.approx(plain, abs=0.02)
