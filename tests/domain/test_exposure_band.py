"""The nearest band is taken; a file that cannot be followed says all its faults."""

import pytest

from workbench.domain.exposure_band import NO_BANDS, BadBands, ExposureBand, parse_bands

USUAL = ExposureBand(note=1.0, review=3.0)
TEXT = """
[[band]]
note = 1.5
review = 4
source = "everywhere"
[[band]]
part = "CHEST"
note = 1.2
review = 3
source = "all chests"
[[band]]
site = "T01"
note = 2
review = 5
source = "one clinic"
[[band]]
site = "T01"
part = "CHEST"
target = 350
note = 1
review = 2
source = "one clinic's chests"
"""


@pytest.mark.parametrize(
    ("site", "part", "source"),
    [
        ("T01", "CHEST", "one clinic's chests"),
        ("T01", "HAND", "one clinic"),
        ("T02", "CHEST", "all chests"),
        ("T02", "HAND", "everywhere"),
        ("", "", "everywhere"),
    ],
)
def test_the_nearest_band_is_taken(site, part, source):
    assert parse_bands(TEXT).of(site, part, USUAL).source == source


def test_without_a_file_the_usual_band_holds():
    assert NO_BANDS.of("T01", "CHEST", USUAL) is USUAL
    assert parse_bands("").of("T01", "CHEST", USUAL) is USUAL


def test_all_faults_are_said_at_once():
    with pytest.raises(BadBands) as refused:
        parse_bands(
            '[[band]]\nnote = 0\nreview = 3\nsource = "x"\n'
            '[[band]]\nnote = 4\nreview = 3\nsource = " "\ntargets = 3\n'
            '[[band]]\nnote = 1\nreview = 3\nsource = "x"\ntarget = -1\n'
        )
    said = str(refused.value)
    for fault in (
        "band 1: note is 0", "band 2: review 3 is below note 4", "band 2: no source",
        "band 2: targets is unknown", "band 3: target is -1",
    ):  # fmt: skip
        assert fault in said
    with pytest.raises(BadBands, match="site any, part CHEST stands twice"):
        parse_bands(TEXT + '[[band]]\npart = "CHEST"\nnote = 1\nreview = 3\nsource = "x"\n')
    with pytest.raises(BadBands, match="no TOML"):
        parse_bands("[[band")
