"""Other programs' senders: Debian's dcmtk, and pynetdicom as a second one."""

import shutil
import socket
import subprocess
import warnings
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import dcmread
from pynetdicom import AE, evt
from pynetdicom.association import Association

AE_TITLE = "T01_DR"


class Refused(Exception):
    """Nobody took the association."""


def dcmtk(name: str) -> str:
    """One of dcmtk's tools, or the test is left out."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is missing: install Debian's dcmtk to try a real peer")
    return found


def run(tool: str, port: int, *arguments: str | Path, title: str = AE_TITLE) -> tuple[int, str]:
    """Run dcmsend, storescu or echoscu against our service; its exit code and what it said."""
    command = [dcmtk(tool), "-v", "-aet", title, "-aec", "WORKBENCH", "127.0.0.1", str(port)]
    done = subprocess.run(
        [*command, *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout + done.stderr


def associate(
    port: int, wanted: Sequence[tuple[str, str]], title: str = AE_TITLE, pdu: int = 16382
) -> Association:
    """An association of pynetdicom for these (SOP class, transfer syntax)."""
    ae = AE(ae_title=title)
    ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = 30
    for sop_class, syntax in wanted:
        ae.add_requested_context(sop_class, syntax)
    return ae.associate("127.0.0.1", port, max_pdu=pdu)


def send(port: int, *files: bytes, title: str = AE_TITLE) -> list[int]:
    """Send DICOM files over one association; the status of each."""
    lines: list[socket.socket] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom's opinion on headers that are odd on purpose
        found = [dcmread(BytesIO(data)) for data in files]
        ae = AE(ae_title=title)
        ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = 30
        for wanted in sorted({(d.SOPClassUID, d.file_meta.TransferSyntaxUID) for d in found}):
            ae.add_requested_context(*map(str, wanted))
        keep = (evt.EVT_CONN_OPEN, lambda e: lines.append(e.assoc.dul.socket.socket))
        link = ae.associate("127.0.0.1", port, evt_handlers=[keep])
        try:
            if not link.is_established:
                raise Refused(port)
            return [int(link.send_c_store(d).get("Status", -1)) for d in found]
        finally:
            if link.is_established:
                link.release()
            for line in lines:  # the library forgets to close one whose other end is gone
                line.close()
