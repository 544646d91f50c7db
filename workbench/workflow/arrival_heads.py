"""What stored files say about themselves, read from as few of their bytes as hold it."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from workbench.domain.errors import Unreadable
from workbench.domain.received import Received
from workbench.formats import grouping, sniff
from workbench.store import sites
from workbench.store.instances import Part
from workbench.workflow.station import Station

HEAD_BYTES = (256 << 10, 4 << 20)  # enough for nearly all; whole films cost the intake memory


def load_readers() -> None:
    """Load every reader now instead of at the first recording."""
    sniff.installed()


def read_stored(
    station: Station, site_code: str, parts: tuple[Part, ...], time_zone: str = ""
) -> Received:
    """The header of stored files, with the clock of the institution that sent them."""
    if not time_zone:
        with station.store.look() as conn:
            time_zone = sites.get(conn, site_code).time_zone
    received, heads = _read_header(station, parts, ZoneInfo(time_zone))
    headers = {n: head for n, head in heads.items() if n.endswith(grouping.HEADER)}
    if not grouping.complete(tuple(heads), headers):
        raise Unreadable("a signal file that the header names is missing; send both", "incomplete")
    return received


def _head(station: Station, part: Part, most: int) -> bytes:
    with station.blobs.open(part.sha256) as file:
        return file.read(most)


def _read_header(
    station: Station, parts: tuple[Part, ...], zone: ZoneInfo
) -> tuple[Received, Mapping[str, bytes]]:
    """Header and the bytes it was read from: as few as hold it, a whole film only at the end."""
    for most in HEAD_BYTES:
        heads = {part.name: _head(station, part, most) for part in parts}
        try:
            return sniff.read_header(heads, zone), heads
        except Unreadable:
            if all(part.size <= most for part in parts):
                raise
    heads = {part.name: _head(station, part, -1) for part in parts}
    return sniff.read_header(heads, zone), heads
