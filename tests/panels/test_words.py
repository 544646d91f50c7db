"""Ages and times as they are where the patient is."""

from datetime import UTC, date, datetime

import pytest

from workbench.language import translator
from workbench.panels import words

EVENING = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)  # 06:30 of the 22nd in Beijing


@pytest.mark.parametrize(
    ("birth", "zone", "says"),
    [
        (date(2026, 11, 22), "Asia/Shanghai", "0天"),
        (date(2026, 11, 22), "UTC", ""),  # not born yet
        (date(2008, 11, 22), "Asia/Shanghai", "18岁"),
        (date(2008, 11, 22), "Asia/Urumqi", "18岁"),
        (date(2008, 11, 22), "Europe/Berlin", "17岁"),
        (None, "Asia/Shanghai", ""),
    ],
)
def test_an_age_counts_by_the_calendar_of_the_institution(birth, zone, says):
    said = words.age(birth, EVENING, zone, translator("zh_CN"))
    assert said.replace(" ", "") == says
