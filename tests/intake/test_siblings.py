"""Several processes on one port: what falls is replaced, and nothing that was promised is lost."""

import os
import signal
import socket

import psutil

from tests import processes
from tests.failures.test_sender_cut import associate, command, film, fragment, leftovers, nothing_of
from tests.intake import peers
from tests.processes import until
from workbench.store import instances


def receiving(door) -> list[psutil.Process]:
    """The processes that take films, by their parent."""
    return psutil.Process(door.process.pid).children()


def holder_of(door, line: socket.socket) -> psutil.Process:
    """Which of them has the other end of this line."""
    mine = line.getsockname()[1]

    def find():
        for each in receiving(door):
            if any(c.raddr and c.raddr.port == mine for c in each.net_connections()):
                return each
        return None

    return until(find, "one of them took the line")


def test_as_many_processes_take_films_as_the_setting_says(door, settings):
    until(lambda: len(receiving(door)) == settings.dicom_processes, "all of them are there")
    assert settings.dicom_processes == 2


def test_one_killed_mid_film_is_replaced_and_the_second_try_is_filed_once(door, station, settings):
    uid = "1.2.101.1"
    data = film(uid, 400)
    until(lambda: len(receiving(door)) == 2, "both are there")
    before = {p.pid for p in receiving(door)}
    with socket.create_connection(("127.0.0.1", settings.dicom_port), 20) as line:
        line.sendall(associate())
        assert line.recv(4096)[0] == 0x02
        line.sendall(fragment(command(f"{uid}.1"), 0x03))
        line.sendall(fragment(data[300:15000], 0x00))
        until(lambda: leftovers(settings), "the first piece is on the disk")
        holder_of(door, line).kill()
        line.settimeout(20)
        assert line.recv(10) == b""
    until(
        lambda: len(now := {p.pid for p in receiving(door)}) == 2 and now != before,
        "another one stands in",
    )
    assert nothing_of(station, uid)
    assert peers.send(settings.dicom_port, data) == [0x0000]
    assert peers.send(settings.dicom_port, data) == [0x0000]
    with station.store.look() as conn:
        assert instances.by_uid(conn, "T01", f"{uid}.1") is not None
    assert door.lives()


def test_a_parent_killed_takes_them_along_and_the_port_is_free(station, settings):
    own = settings.model_copy(update={"dicom_port": processes.free_port()})
    with processes.intake(own, settings.home / "third.log") as door:
        children = until(lambda: len(c := receiving(door)) == 2 and c, "both are there")
        os.kill(door.process.pid, signal.SIGKILL)
        door.process.wait(10)
        until(lambda: not processes.still_there(children), "none is left")
    with processes.intake(own, settings.home / "third.log") as door:
        # a sender that comes while the processes start may be told to try again
        until(lambda: peers.run("echoscu", own.dicom_port)[0] == 0, "an echo is answered")
