"""Films cut into pieces in every way the standard allows, line and disk failing in between."""

import resource
import socket
import struct
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import psutil
import pytest
from pydicom import dcmread

from tests.failures.test_sender_cut import (
    associate,
    command,
    film,
    fragment,
    leftovers,
    nothing_of,
    pdu,
)
from tests.intake import peers
from tests.processes import until
from workbench.store import instances

LAST, RELEASE_RQ, RELEASE_RP, ABORT = 0x02, 5, 6, 7


def data_set(film: bytes) -> bytes:
    """What goes over the line: the file without its preamble and meta header."""
    length = struct.unpack("<I", film[140:144])[0]  # (0002,0000) comes first
    return film[144 + length :]


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def item(data: bytes, control: int) -> bytes:
    """One presentation data value (PS3.8 table 9-23)."""
    return struct.pack(">IBB", len(data) + 2, 1, control) + data


def one_by_one(head: bytes, data: bytes, size: int) -> bytes:
    *first, last = pieces(data, size)
    return head + b"".join(fragment(p, 0) for p in first) + fragment(last, LAST)


def several_in_a_pdu(head: bytes, data: bytes, size: int) -> bytes:
    *first, last = pieces(data, size)
    pairs = [first[i : i + 2] for i in range(0, len(first), 2)]
    return (
        head + b"".join(pdu(4, b"".join(item(p, 0) for p in pair)) for pair in pairs)
        + pdu(4, item(last, LAST))
    )  # fmt: skip


def with_the_command(head: bytes, data: bytes, size: int) -> bytes:
    first, *rest = pieces(data, size)
    return pdu(4, head[6:] + item(first, 0)) + one_by_one(b"", b"".join(rest), size)


def the_last_one_empty(head: bytes, data: bytes, size: int) -> bytes:
    return head + b"".join(fragment(p, 0) for p in pieces(data, size)) + fragment(b"", LAST)


def single_bytes_between(head: bytes, data: bytes, size: int) -> bytes:
    begin = b"".join(fragment(data[i : i + 1], 0) for i in range(50))
    return head + begin + one_by_one(b"", data[50:], size)


WAYS = [
    (one_by_one, 131066), (one_by_one, 16378), (one_by_one, 999), (one_by_one, 200_000),
    (several_in_a_pdu, 5000), (with_the_command, 30_000), (the_last_one_empty, 65_536),
    (single_bytes_between, 40_000),
]  # fmt: skip


def say(line: socket.socket, said: bytes, step: int) -> None:
    for at in range(0, len(said), step):
        line.sendall(said[at : at + step])


def status_in(body: bytes) -> int:
    """(0000,0900) of a response in implicit little endian."""
    tag = struct.pack("<HHI", 0x0000, 0x0900, 2)
    at = body.index(tag) + len(tag)
    return int(struct.unpack("<H", body[at : at + 2])[0])


def answer(line: socket.socket) -> tuple[int, bytes]:
    """The next PDU: its type and its body."""
    head = b""
    while len(head) < 6:
        got = line.recv(6 - len(head))
        if not got:
            return 0, b""
        head += got
    length = struct.unpack(">I", head[2:])[0]
    body = b""
    while len(body) < length:
        body += line.recv(length - len(body))
    return head[0], body


def opened(port: int) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), 30)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # pieces stay apart
    line.sendall(associate())
    assert answer(line)[0] == 0x02
    return line


@pytest.mark.parametrize("step", [1 << 22, 4099], ids=["at once", "in small segments"])
@pytest.mark.parametrize(("way", "size"), WAYS, ids=lambda v: getattr(v, "__name__", str(v)))
def test_a_film_is_stored_byte_for_byte_however_it_is_cut(door, station, settings, way, size, step):
    uid = f"1.2.93.{WAYS.index((way, size))}.{step}"
    data = film(uid, 400)
    with opened(settings.dicom_port) as line:
        say(line, way(fragment(command(f"{uid}.1"), 0x03), data_set(data), size), step)
        kind, said = answer(line)
        assert kind == 0x04
        assert b"\0\0\0\x09\x02\0\0\0\0\0" in said  # (0000,0900) status, success
        line.sendall(pdu(RELEASE_RQ, b"\0\0\0\0"))
        assert answer(line)[0] == RELEASE_RP
    with station.store.look() as conn:
        kept = instances.by_uid(conn, "T01", f"{uid}.1")
    assert data_set(station.blobs.read(kept.sha256)) == data_set(data)


def test_a_release_in_the_middle_of_a_film_ends_it_and_nothing_is_kept(door, station, settings):
    uid = "1.2.94"
    data = data_set(film(uid, 400))
    with opened(settings.dicom_port) as line:
        line.sendall(fragment(command(f"{uid}.1"), 0x03) + fragment(data[:100_000], 0))
        until(lambda: leftovers(settings), "the first piece is on the disk")
        line.sendall(pdu(RELEASE_RQ, b"\0\0\0\0"))
        assert answer(line)[0] in (RELEASE_RP, ABORT)
    until(lambda: not leftovers(settings), "the half film is removed")
    assert nothing_of(station, uid)


def test_a_disk_that_fails_in_the_middle_of_a_film_is_said_and_the_second_try_is_whole(
    door, station, settings
):
    uid = "1.2.95"
    data = film(uid, 1000)
    intakes = psutil.Process(door.process.pid).children()
    before = intakes[0].rlimit(resource.RLIMIT_FSIZE)
    for each in intakes:  # writing more fails, as on a full disk
        each.rlimit(resource.RLIMIT_FSIZE, (500_000, before[1]))
    try:
        with opened(settings.dicom_port) as line:
            said = one_by_one(fragment(command(f"{uid}.1"), 0x03), data_set(data), 60_000)
            line.sendall(said)
            kind, body = answer(line)
            assert (kind, status_in(body)) == (4, 0xA700)
    finally:
        for each in intakes:
            each.rlimit(resource.RLIMIT_FSIZE, before)
    until(lambda: not leftovers(settings), "the half film is removed")
    assert nothing_of(station, uid)
    assert door.lives()
    assert peers.send(settings.dicom_port, data) == [0x0000]
    with station.store.look() as conn:
        kept = instances.by_uid(conn, "T01", f"{uid}.1")
    whole = dcmread(BytesIO(station.blobs.read(kept.sha256)))
    assert whole.PixelData == dcmread(BytesIO(data)).PixelData


def test_eight_senders_at_once_are_all_filed_once(door, station, settings, tmp_path):
    films = {}
    for i in range(8):
        path = tmp_path / f"{i}.dcm"
        path.write_bytes(film(f"1.2.97.{i}", 1200))
        films[f"1.2.97.{i}.1"] = path
    with ThreadPoolExecutor(8) as pool:
        done = list(
            pool.map(lambda p: peers.run("dcmsend", settings.dicom_port, p), films.values())
        )
    assert [code for code, _ in done] == [0] * 8
    with station.store.look() as conn:
        assert all(instances.by_uid(conn, "T01", uid) for uid in films)
