"""Password hashes (argon2id); few at a time, because each takes 64 MiB and a tenth of a second."""

import threading
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

AT_ONCE = 2  # more would let a flood of logins take the memory of the readers' kernels

_places = threading.BoundedSemaphore(AT_ONCE)


@cache
def _hasher() -> "PasswordHasher":
    """RFC 9106, second recommendation; a page's kernel knows accounts and never hashes."""
    from argon2 import PasswordHasher  # noqa: PLC0415 - half a megabyte in every open page

    return PasswordHasher()


def hashed(password: str) -> str:
    """Hash a new password with a fresh salt."""
    with _places:
        return _hasher().hash(password)


def fits(password_hash: str, password: str) -> bool:
    """Whether the password is the one that was hashed; a damaged hash fits nothing."""
    from argon2.exceptions import (  # noqa: PLC0415 - as above
        InvalidHashError,
        VerificationError,
    )

    with _places:
        try:
            return _hasher().verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _hasher().check_needs_rehash(password_hash)


class Decoy:
    """A hash nobody's password fits, so that an unknown name takes as long as a known one."""

    def __init__(self) -> None:
        self._hash: str | None = None
        self._lock = threading.Lock()

    def refuse(self, password: str) -> bool:
        """Spend the time of a real check and say no."""
        with self._lock:
            if self._hash is None:
                self._hash = hashed(threading.current_thread().name)
        fits(self._hash, password)
        return False
