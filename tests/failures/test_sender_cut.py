"""A sender that goes away in the middle of a film: nothing of it is stored, it sends again."""

import os
import socket
import struct
import subprocess
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.uid import UID

from tests import make, processes
from tests.intake import peers
from tests.processes import until
from workbench.store import instances, quarantine

EXPLICIT = "1.2.840.10008.1.2.1"
DX = "1.2.840.10008.5.1.4.1.1.1.1"


def film(uid: str, side: int = 2000) -> bytes:
    """A film large enough to be on its way for a while."""
    data = dcmread(BytesIO(make.make_film(study=uid, uid=f"{uid}.1")))
    data.Rows, data.Columns = side, side
    data.PixelData = os.urandom(side) * (2 * side)
    out = BytesIO()
    data.save_as(out)
    return out.getvalue()


def leftovers(settings) -> list[Path]:
    """What lies half-done in the folder where films come in."""
    return [p for p in (settings.blobs / "temporary").iterdir() if p.is_file()]


def nothing_of(station, uid: str) -> bool:
    with station.store.look() as conn:
        known = instances.by_uid(conn, "T01", f"{uid}.1") is not None
        held = [h for h in quarantine.waiting(conn) if "T01_DR" in h.source]
    return not known and not held


def pdu(kind: int, body: bytes) -> bytes:
    return struct.pack(">BxI", kind, len(body)) + body


def item(kind: int, body: bytes) -> bytes:
    return struct.pack(">BxH", kind, len(body)) + body


def associate() -> bytes:
    """An A-ASSOCIATE-RQ for DX in explicit little endian (PS3.8 9.3.2)."""
    application = item(0x10, b"1.2.840.10008.3.1.1.1")
    context = item(0x20, b"\x01\0\0\0" + item(0x30, DX.encode()) + item(0x40, EXPLICIT.encode()))
    user = item(0x50, item(0x51, struct.pack(">I", 16384)) + item(0x52, b"1.2.3.99"))
    head = struct.pack(">HH16s16s32x", 1, 0, b"WORKBENCH".ljust(16), b"T01_DR".ljust(16))
    return pdu(0x01, head + application + context + user)


def command(uid: str) -> bytes:
    """A C-STORE-RQ command set in implicit little endian (PS3.7 9.3.1.1)."""

    def element(number: int, value: bytes) -> bytes:
        return struct.pack("<HHI", 0, number, len(value)) + value

    def text(value: str) -> bytes:
        return value.encode() + b"\0" * (len(value) % 2)

    rest = (
        element(0x0002, text(DX)) + element(0x0100, struct.pack("<H", 1))
        + element(0x0110, struct.pack("<H", 1)) + element(0x0700, struct.pack("<H", 0))
        + element(0x0800, struct.pack("<H", 0)) + element(0x1000, text(uid))
    )  # fmt: skip
    return element(0x0000, struct.pack("<I", len(rest))) + rest


def fragment(data: bytes, control: int) -> bytes:
    return pdu(0x04, struct.pack(">IBB", len(data) + 2, 1, control) + data)


CUTS = ("closed", "reset", "half a PDU", "abort")


@pytest.mark.parametrize("how", CUTS)
def test_a_line_cut_mid_film_leaves_nothing_of_it(door, station, settings, how):
    uid = f"1.2.90.{CUTS.index(how)}"
    data = film(uid, 400)
    with socket.create_connection(("127.0.0.1", settings.dicom_port), 20) as line:
        line.sendall(associate())
        assert line.recv(4096)[0] == 0x02  # A-ASSOCIATE-AC
        line.sendall(fragment(command(f"{uid}.1"), 0x03))
        line.sendall(fragment(data[300:15000], 0x00))
        until(lambda: leftovers(settings), "the first piece is on the disk")
        if how == "half a PDU":
            line.sendall(fragment(data[15000:30000], 0x00)[:4000])
        elif how == "abort":
            line.sendall(pdu(0x07, b"\0\0\0\0"))
        elif how == "reset":
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    until(lambda: not leftovers(settings), "the half film is removed")
    assert nothing_of(station, uid)
    assert peers.send(settings.dicom_port, data) == [0x0000]
    with station.store.look() as conn:
        assert instances.by_uid(conn, "T01", f"{uid}.1") is not None


def test_a_sender_killed_mid_film_leaves_nothing_and_its_second_try_is_whole(
    door, station, settings, tmp_path
):
    uid, tool = "1.2.91", peers.dcmtk("storescu")
    data = film(uid, 6000)
    path = tmp_path / "large.dcm"
    path.write_bytes(data)
    sender = subprocess.Popen(
        [tool, "-aet", "T01_DR", "--max-send-pdu", "4096", "127.0.0.1",
         str(settings.dicom_port), path],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until(lambda: [p for p in leftovers(settings) if p.stat().st_size > 10_000], "it is under way")
    sender.kill()
    sender.wait(10)
    until(lambda: not leftovers(settings), "the half film is removed")
    assert nothing_of(station, uid)
    code, said = peers.run("storescu", settings.dicom_port, path)
    assert code == 0, said
    with station.store.look() as conn:
        kept = instances.by_uid(conn, "T01", f"{uid}.1")
    whole = dcmread(BytesIO(station.blobs.read(kept.sha256)))
    assert whole.PixelData == dcmread(BytesIO(data)).PixelData
    assert whole.file_meta.TransferSyntaxUID == UID(EXPLICIT)


def test_probes_of_the_port_do_not_use_up_the_places_of_senders(door, settings):
    for _ in range(80):  # a monitoring program that only looks whether somebody listens
        with socket.create_connection(("127.0.0.1", settings.dicom_port), 20):
            pass

    def taken() -> bool:
        return peers.run("echoscu", settings.dicom_port)[0] == 0

    until(taken, "a sender is taken", 8)


def test_noise_and_silence_on_the_port_do_not_disturb_a_sender(door, settings):
    with socket.create_connection(("127.0.0.1", settings.dicom_port), 20) as silent:
        for noise in (b"GET / HTTP/1.0\r\n\r\n", os.urandom(2000), b"\x01\0\xff\xff\xff\xff"):
            with socket.create_connection(("127.0.0.1", settings.dicom_port), 20) as line:
                line.sendall(noise)
        code, said = peers.run("echoscu", settings.dicom_port)
        assert code == 0, said
        silent.sendall(b"\x01")
    assert door.lives()


def test_an_intake_told_to_end_does_not_wait_for_an_endless_film(station, settings):
    own = settings.model_copy(update={"dicom_port": processes.free_port()})
    with (
        processes.intake(own, settings.home / "second.log") as door,
        socket.create_connection(("127.0.0.1", own.dicom_port), 20) as line,
        ThreadPoolExecutor(1) as beside,
    ):
        line.sendall(associate())
        assert line.recv(4096)[0] == 0x02
        line.sendall(fragment(command("1.2.90.77.1"), 0x03))
        piece = fragment(os.urandom(15000), 0x00)

        def pour() -> str:
            while True:
                try:
                    line.sendall(piece)
                except OSError:
                    return "cut off"

        pouring = beside.submit(pour)
        try:
            until(lambda: leftovers(settings), "the film comes in")
            assert door.stop(15) == 0, door.said
            assert pouring.result(20) == "cut off"
        finally:
            line.close()
    until(lambda: not leftovers(settings), "nothing of it is left")
