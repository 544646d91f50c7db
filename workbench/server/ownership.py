"""Whose kernel is whose. A kernel is bound once, to the session whose page it serves."""

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Owned:
    """One page: its person, session and room, and when the person last did something."""

    username: str
    session: str
    room: str
    query: str
    sockets: set[object] = field(default_factory=set)
    used_at: float = field(default_factory=time.monotonic)
    alone_since: float | None = field(default_factory=time.monotonic)


class Owners:
    """All bound kernels of this server; used on the event loop only."""

    def __init__(self) -> None:
        self._by_kernel: dict[str, Owned] = {}

    def bind(self, kernel_id: str, owned: Owned) -> None:
        """Give a kernel to a page; a kernel that has an owner keeps it."""
        if kernel_id in self._by_kernel:
            raise ValueError(f"kernel {kernel_id} already belongs to a page")
        self._by_kernel[kernel_id] = owned

    def of(self, kernel_id: str) -> Owned | None:
        """The owner of a kernel; None while it waits in the pool or after its end."""
        return self._by_kernel.get(kernel_id)

    def may_use(self, kernel_id: str, username: str, session: str) -> bool:
        """Whether this session made the page; another login of the same person did not."""
        owned = self._by_kernel.get(kernel_id)
        return owned is not None and (owned.username, owned.session) == (username, session)

    def forget(self, kernel_id: str) -> Owned | None:
        """Drop a kernel that ended."""
        return self._by_kernel.pop(kernel_id, None)

    def used(self, kernel_id: str) -> None:
        """The person did something on the page."""
        if owned := self._by_kernel.get(kernel_id):
            owned.used_at = time.monotonic()

    def connected(self, kernel_id: str, socket: object) -> None:
        """A browser opened the page's connection."""
        if owned := self._by_kernel.get(kernel_id):
            owned.sockets.add(socket)
            owned.alone_since = None

    def disconnected(self, kernel_id: str, socket: object) -> None:
        """A browser left."""
        owned = self._by_kernel.get(kernel_id)
        if owned:
            owned.sockets.discard(socket)
            if not owned.sockets and owned.alone_since is None:
                owned.alone_since = time.monotonic()

    def by_session(self) -> dict[str, list[str]]:
        """Kernels of every session that holds any."""
        held: dict[str, list[str]] = {}
        for kernel_id, owned in self._by_kernel.items():
            held.setdefault(owned.session, []).append(kernel_id)
        return held

    def used_within(self, seconds: float) -> frozenset[str]:
        """Sessions that did something on a page lately."""
        since = time.monotonic() - seconds
        return frozenset(o.session for o in self._by_kernel.values() if o.used_at >= since)

    def unneeded(self, alone_s: float, idle_s: float) -> list[str]:
        """Kernels nobody is connected to any more, or whose person has long been away."""
        now = time.monotonic()
        return [
            kernel_id
            for kernel_id, owned in self._by_kernel.items()
            if now - owned.used_at > idle_s
            or (owned.alone_since is not None and now - owned.alone_since > alone_s)
        ]
