"""The intake's fixtures serve here too: one real process and its own database per file."""

from tests.intake.conftest import database, door, owner, settings, station

__all__ = ["database", "door", "owner", "settings", "station"]
