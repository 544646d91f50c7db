"""Pages without a process of their own: the county of the workflow tests and its people."""

from tests.conftest import database, owner, settings
from tests.panels.conftest import browse
from tests.workflow.conftest import arrive, clock, county, screened, station

__all__ = [
    "arrive", "browse", "clock", "county", "database", "owner", "screened", "settings", "station",
]  # fmt: skip
