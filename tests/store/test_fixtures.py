"""The ground the other tests stand on."""

import socket
import warnings

import pytest
import sqlalchemy as sa


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_no_test_reaches_another_machine(host):
    with pytest.raises(AssertionError, match="this machine only"):
        socket.create_connection((host, 80), timeout=1)


def test_this_machine_may_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_a_warning_is_an_error():
    with pytest.raises(UserWarning, match="look here"):
        warnings.warn("look here", stacklevel=1)


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_starts_with_empty_tables(store, turn):
    with store.change() as conn:
        assert conn.scalar(sa.text("SELECT count(*) FROM heartbeat")) == 0
        conn.execute(sa.text("INSERT INTO heartbeat (part, at) VALUES ('x', now())"))
