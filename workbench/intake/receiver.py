"""Receiving at the speed of the line: pieces of a film go from the socket straight to its file.

pynetdicom reads a PDU 4096 bytes at a time, copies it five times, and two threads for each
association look for work a thousand times a second; with eight associations the one interpreter
does little else. Its state machine stays in charge of everything but the pieces of a data set
that are not the last one; those change no state.
"""

import ctypes
import hashlib
import logging
import os
import select
import socket
import struct
import threading
from pathlib import Path
from typing import Any

from pynetdicom.association import Association
from pynetdicom.dul import DULServiceProvider
from pynetdicom.transport import AssociationSocket, RequestHandler

from workbench.store.blobs import Blob

log = logging.getLogger(__name__)

_libc = ctypes.CDLL(None)
_libc.sync_file_range.argtypes = (ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint)

PDU_BYTES = 131072  # the longest we ask for; dcmtk sends no longer ones
# PS3.8 tables 9-22 and 9-23, annex E.2: PDU type and length; item length, context, control header
HEAD = struct.Struct(">BxIIBB")
P_DATA, COMMAND, LAST = 0x04, 0x01, 0x02
TRANSFER = "Sta6"  # PS3.8 table 9-4: ready for data transfer
CUT = "Evt17"  # PS3.8 table 9-10: connection closed
STRETCH = 20  # two to this power: bytes after which the disk is set to work
SYNC_FILE_RANGE_WRITE = 2  # sync_file_range(2)
LOOK_SECONDS = 0.02  # so often the library's timers are looked at when nothing comes


class IncomingFile:
    """The file a film goes to; one that cannot be written is heard to its end and then refused.

    A sender told 0xA700 tries again later; one that is cut off may give up.
    """

    def __init__(self, half: Any) -> None:
        self.name = half.name
        self.file = self  # the library flushes through it
        self.spoiled = ""
        self._half = half
        half.file.flush()
        head = Path(half.name).read_bytes()  # what the library wrote before us: preamble and meta
        self._digest, self._size = hashlib.sha256(head), len(head)

    def write(self, piece: bytes | memoryview) -> int:
        """Add a piece, or nothing any more after one that failed."""
        if not self.spoiled:
            try:
                self._half.file.write(piece)
                self._half.file.flush()
                self._digest.update(piece)
                self._start_writing(len(piece))
            except OSError as error:
                self.spoiled = error.strerror or type(error).__name__
        return len(piece)

    @property
    def hashed(self) -> Blob:
        """What was hashed while it came: cheaper than reading the film again."""
        return Blob(self._digest.hexdigest(), self._size)

    def flush(self) -> None:
        """Every piece is flushed as it comes."""

    def close(self) -> None:
        """End it; what a full disk did not take is given up here too."""
        try:
            self._half.close()
        except OSError as error:
            self.spoiled = self.spoiled or error.strerror or type(error).__name__

    def _start_writing(self, size: int) -> None:
        """Let the disk work while the rest comes; the fsync at the end makes it durable."""
        before, self._size = self._size, self._size + size
        if self._size >> STRETCH != before >> STRETCH:
            begin = ((self._size >> STRETCH) - 1) << STRETCH
            _libc.sync_file_range(self._half.fileno(), begin, 1 << STRETCH, SYNC_FILE_RANGE_WRITE)


class Receiver(DULServiceProvider):
    """The upper layer of one association, woken by what comes instead of by the clock."""

    def __init__(self, assoc: Association) -> None:
        super().__init__(assoc)
        self._lock = threading.Lock()
        self._woken: int | None = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._pdu = memoryview(b"")

    def run_reactor(self) -> None:
        """Serve the line until it ends."""
        try:
            super().run_reactor()
        except Exception as error:  # noqa: BLE001 - e.g. we abort while the other end hangs up
            # The library has no answer to an event that its present state does not know; the
            # association is over either way, and a stack trace may hold values of the film.
            log.warning("an association ended with %s", type(error).__name__)
            if self.socket:
                self.socket.close()
        finally:
            with self._lock:  # its number may be another file's a moment later
                os.close(self._woken)  # type: ignore[arg-type]
                self._woken = None
            self._pdu = memoryview(b"")

    def send_pdu(self, primitive: Any) -> None:
        """Queue what is to be said and wake the thread that says it."""
        super().send_pdu(primitive)
        self._wake()

    def stop_dul(self) -> bool:
        """End, at once when nothing is under way."""
        self._wake()
        return super().stop_dul()

    def _wake(self) -> None:
        with self._lock:
            if self._woken is not None:
                os.eventfd_write(self._woken, 1)

    def _is_transport_event(self) -> bool:
        line = self._line()
        if line is not None and self.event_queue.empty():
            self._wait_for(line)
        return super()._is_transport_event()

    def _line(self) -> socket.socket | None:
        return self.socket.socket if self.socket else None

    def _wait_for(self, line: socket.socket) -> bool:
        """Until something comes or is to be said; says whether something came."""
        woken, poll = self._woken, select.poll()
        if woken is None or line.fileno() < 0:  # closed meanwhile
            return False
        poll.register(woken, select.POLLIN)
        poll.register(line, select.POLLIN)
        found = {handle for handle, _ in poll.poll(LOOK_SECONDS * 1000)}
        if woken in found:
            os.eventfd_read(woken)
        return bool(found - {woken})

    def _read_pdu_data(self) -> None:
        message = self.assoc.dimse.message
        half = getattr(message, "_data_set_file", None)
        if half is not None and not isinstance(half, IncomingFile):
            half = message._data_set_file = IncomingFile(half)  # type: ignore[union-attr] # noqa: SLF001
        line = self._line()
        ours = half if self.state_machine.current_state == TRANSFER else None
        if not (ours and line and self._take_pieces(line, ours)):
            super()._read_pdu_data()

    def _take_pieces(self, line: socket.socket, file: "IncomingFile") -> bool:
        """Move pieces to the file while they come; False when the library is to read what is next.

        A film's last piece, all that is not a piece of a film and everything odd is the
        library's: it answers, ends or refuses as it does without us.
        """
        self._pdu = self._pdu or memoryview(bytearray(6 + PDU_BYTES))
        loop = self.assoc._reactor_checkpoint  # noqa: SLF001 - the library's own way to pause it
        loop.clear()  # the other thread of this association has nothing to do meanwhile
        try:
            while self._wait_for(line) and not self._told():
                size = self._size_of_piece(line)
                if size is None:
                    return False
                if line.recv_into(self._pdu, size, socket.MSG_WAITALL) < size:
                    self.event_queue.put(CUT)
                    return True
                file.write(self._pdu[HEAD.size : size])
                self._idle_timer.restart()
        except OSError:  # reset by the sender
            self.event_queue.put(CUT)
        finally:
            loop.set()
        return True

    def _told(self) -> bool:
        """Whether our own side wants to say something or to end."""
        return self._kill_thread or not self.to_provider_queue.empty()

    def _size_of_piece(self, line: socket.socket) -> int | None:
        """Bytes of the next PDU if it is one piece of a film and not the last; nothing is taken."""
        if line.recv_into(self._pdu, HEAD.size, socket.MSG_PEEK) < HEAD.size:
            return None
        kind, length, piece, _context, control = HEAD.unpack_from(self._pdu)
        if kind != P_DATA or control & (COMMAND | LAST):
            return None
        fits = length == piece + 4 and piece > 2 and length <= PDU_BYTES
        return length + 6 if fits else None


class Handler(RequestHandler):
    """Gives each association its receiver, before anything is heard."""

    def _create_association(self) -> Association:
        assoc = super()._create_association()
        assoc.dul = Receiver(assoc)
        # The library hands these on to the upper layer it knows.
        assoc.acse_timeout, assoc.network_timeout = self.ae.acse_timeout, self.ae.network_timeout
        assoc.set_socket(AssociationSocket(assoc, client_socket=self.request))
        return assoc
