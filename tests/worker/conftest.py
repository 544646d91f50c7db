"""A furnished home on a database of its own, on which real worker processes run."""

from tests.formats.conftest import chest
from tests.intake.conftest import database, owner, settings, station

__all__ = ["chest", "database", "owner", "settings", "station"]
