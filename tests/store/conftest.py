"""What the tests of the store share."""

from datetime import UTC, datetime

import pytest


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
