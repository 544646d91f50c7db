"""Password hashes (argon2id); few at a time, because each takes 64 MiB and a tenth of a second."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2  # more would let a flood of logins take the memory of the readers' kernels

_hasher = PasswordHasher()  # RFC 9106, second recommendation
_places = threading.BoundedSemaphore(AT_ONCE)


def hashed(password: str) -> str:
    """Hash a new password with a fresh salt."""
    with _places:
        return _hasher.hash(password)


def fits(password_hash: str, password: str) -> bool:
    """Whether the password is the one that was hashed; a damaged hash fits nothing."""
    with _places:
        try:
            return _hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(password_hash)


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
