"""Who is sending: the institution behind an AE title and an address."""

from workbench.store import sites
from workbench.workflow.arrivals import Sender
from workbench.workflow.station import Station


def dicom_sender(station: Station, ae_title: str, address: str) -> Sender:
    """The institution that calls like this; nobody's files are filed by guess."""
    with station.store.look() as conn:
        code = sites.of_sender(conn, ae_title, address)
        zone = "" if code is None else sites.get(conn, code).time_zone
    source = f"dicom:{ae_title.strip()}@{address}"
    if code is None:
        reason = (
            f"unknown sender: no institution is known by AE title {ae_title.strip()} at {address}"
        )
        return Sender(site_code=None, source=source, reason=reason)
    return Sender(site_code=code, source=source, time_zone=zone)
