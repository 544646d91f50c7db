"""Take a posted form apart while it arrives: files go to the disk, never into memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import BinaryIO

from workbench.domain.errors import Invalid

HEADERS_MOST = 8192  # bytes of the headers of one part
FIELD_MOST = 1000  # bytes of a text field
FILES_MOST = 2000
FIELDS_MOST = 50


@dataclass(slots=True)
class Received:
    """What came: text fields by name, files by the name the sender gave (a label, never a path)."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)


class FormReader:
    """Feed it the body in pieces of any size."""

    def __init__(self, content_type: str, fresh: Callable[[int], Path]) -> None:
        self.received = Received()
        self.done = False
        self._fresh = fresh
        self._mark = b"\r\n--" + _boundary(content_type)
        self._buffer = bytearray(b"\r\n")  # so that the first mark looks like all others
        self._out: BinaryIO | bytearray | None = None
        self._name = ""
        self._step = self._preamble

    def feed(self, data: bytes) -> None:
        """Take the next piece."""
        self._buffer += data
        while not self.done and self._step():
            pass

    def finish(self) -> Received:
        """All came; Invalid when it breaks off."""
        self.close()
        if not self.done:
            raise Invalid("upload", "a form that breaks off", "a complete multipart form")
        return self.received

    def close(self) -> None:
        """Give the open file back."""
        if self._out is not None and not isinstance(self._out, bytearray):
            self._out.close()
        self._out = None

    def _preamble(self) -> bool:
        at = self._buffer.find(self._mark)
        if at < 0:
            del self._buffer[: -len(self._mark)]
            return False
        del self._buffer[: at + len(self._mark)]
        self._step = self._after_mark
        return True

    def _after_mark(self) -> bool:
        if len(self._buffer) < 2:
            return False
        self.done = self._buffer.startswith(b"--")
        if not self.done and not self._buffer.startswith(b"\r\n"):
            raise Invalid("upload", "a strange boundary", "a multipart form")
        self._step = self._headers
        return not self.done

    def _headers(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 or end > HEADERS_MOST:
            if len(self._buffer) > HEADERS_MOST:
                raise Invalid("upload", "a part with endless headers", "a multipart form")
            return False
        head = HeaderParser().parsestr(bytes(self._buffer[2:end]).decode("utf-8", "replace"))
        del self._buffer[: end + 4]
        self._open(head)
        self._step = self._content
        return True

    def _content(self) -> bool:
        at = self._buffer.find(self._mark)
        ready = at if at >= 0 else max(0, len(self._buffer) - len(self._mark))
        self._write(self._buffer[:ready])
        if at < 0:
            del self._buffer[:ready]
            return False
        self._end_part()
        del self._buffer[: at + len(self._mark)]
        self._step = self._after_mark
        return True

    def _open(self, head: Message) -> None:
        name = head.get_param("name", "", "content-disposition")
        given = head.get_filename()
        self._name = label(given) if given is not None else str(name)
        if given is None:
            if len(self.received.fields) >= FIELDS_MOST:
                raise Invalid("fields", f"more than {FIELDS_MOST}", "fewer at once")
            self._out = bytearray()
            return
        if len(self.received.files) >= FILES_MOST:
            raise Invalid("files", f"more than {FILES_MOST}", "fewer at once")
        path = self._fresh(len(self.received.files))
        self._out = path.open("xb")
        self._name = _unused(self._name, self.received.files)
        self.received.files[self._name] = path

    def _write(self, data: bytearray) -> None:
        if isinstance(self._out, bytearray):
            self._out += data
            if len(self._out) > FIELD_MOST:
                raise Invalid("field", self._name[:40], f"at most {FIELD_MOST} bytes")
        elif self._out is not None and data:
            self._out.write(data)

    def _end_part(self) -> None:
        if isinstance(self._out, bytearray):
            self.received.fields[self._name] = self._out.decode("utf-8", "replace")
        self.close()


def label(given: str) -> str:
    """The last part of the name a sender gave, without what could mislead a screen or a log."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[:200] or "file"


def _unused(name: str, known: Mapping[str, Path]) -> str:
    unused, n = name, 2
    while unused in known:
        unused, n = f"{n}-{name}", n + 1
    return unused


def _boundary(content_type: str) -> bytes:
    head = Message()
    head["content-type"] = content_type
    found = head.get_param("boundary")
    whole = head.get_content_type() == "multipart/form-data"
    if not whole or not isinstance(found, str) or not 1 <= len(found) <= 70:
        raise Invalid("content type", content_type[:80], "multipart/form-data with a boundary")
    return found.encode("latin-1", "replace")
