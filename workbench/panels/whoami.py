"""Whose page this kernel serves, asked of the server when first needed.

So it is right for a page that was prepared before anybody came, and nothing a browser
sends changes it.
"""

import json
import os
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from ipykernel.connect import get_connection_file

from workbench.domain.errors import WorkbenchError

TIMEOUT_S = 5.0


class NobodyHere(WorkbenchError):
    """The server knows no person for this kernel."""

    template = "This page belongs to nobody now; please log in and open it again."


@dataclass(frozen=True, slots=True)
class Whose:
    """The person, the room and what stood behind the question mark of the address."""

    username: str
    room: str
    query: str


_known: list[Whose] = []  # once bound, a kernel keeps its owner for life


def current_username() -> str:
    """The person this page belongs to; NobodyHere before a page was opened."""
    return current_page().username


def current_page() -> Whose:
    """The person, room and query of this page."""
    if not _known:
        _known.append(_ask())
    return _known[0]


def kernel_id() -> str:
    """The id of the kernel this code runs in, from its own connection file."""
    return Path(get_connection_file()).stem.removeprefix("kernel-")


def _ask() -> Whose:
    try:
        base = os.environ["WORKBENCH_INTERNAL_URL"]
        secret = os.environ["WORKBENCH_INTERNAL_SECRET"]
    except KeyError:
        raise NobodyHere from None  # not a kernel of the web server
    try:
        found = _answer(base, f"/wb/internal/owner/{kernel_id()}", secret)
    except (HTTPException, OSError, ValueError):
        raise NobodyHere from None
    return Whose(found["username"], found["room"], found["query"])


def _answer(base: str, path: str, secret: str) -> dict[str, str]:
    """Ask our own server on this machine, never through a proxy."""
    house = urlsplit(base)
    line = HTTPConnection(house.hostname or "", house.port, timeout=TIMEOUT_S)
    try:
        line.request("GET", house.path + path, headers={"X-Workbench-Secret": secret})
        answer = line.getresponse()
        if answer.status != HTTPStatus.OK:
            raise ValueError(answer.status)
        found: dict[str, str] = json.load(answer)
        return found
    finally:
        line.close()
