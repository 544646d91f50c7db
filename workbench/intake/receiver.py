"""Receiving at the speed of the line: pieces of a film go from the socket straight to its file.

pynetdicom reads a PDU 4096 bytes at a time, copies it five times, and two threads for each
association look for work a thousand times a second; with eight associations the one interpreter
does little else. Its state machine stays in charge of everything but the pieces of a data set
that are not the last one; those change no state.
"""

import logging
import os
import select
import socket
import struct
import threading
from typing import IO, Any

from pynetdicom.association import Association
from pynetdicom.dul import DULServiceProvider
from pynetdicom.transport import AssociationSocket, RequestHandler

log = logging.getLogger(__name__)

PDU_BYTES = 131072  # the longest we ask for; dcmtk sends no longer ones
# PS3.8 tables 9-22 and 9-23, annex E.2: PDU type and length; item length, context, control header
HEAD = struct.Struct(">BxIIBB")
P_DATA, COMMAND, LAST = 0x04, 0x01, 0x02
TRANSFER = "Sta6"  # PS3.8 table 9-4: ready for data transfer
CUT, REFUSED = "Evt17", "Evt19"  # PS3.8 table 9-10: connection closed; unrecognised or invalid PDU
LOOK_SECONDS = 0.02  # so often the library's timers are looked at when nothing comes


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
        half = getattr(self.assoc.dimse.message, "_data_set_file", None)
        line = self._line()
        ours = half is not None and self.state_machine.current_state == TRANSFER
        if not (ours and line and self._take_pieces(line, half.file)):  # type: ignore[union-attr]
            super()._read_pdu_data()

    def _take_pieces(self, line: socket.socket, file: IO[bytes]) -> bool:
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
                if not self._write(file, self._pdu[HEAD.size : size]):
                    self.event_queue.put(REFUSED)
                    return True
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

    def _write(self, file: IO[bytes], piece: memoryview) -> bool:
        try:
            file.write(piece)
            file.flush()
        except OSError as error:  # the disk is full: the sender is cut off, it tries again
            log.error("a film cannot be written (%s)", error.strerror)  # noqa: TRY400 - says all
            return False
        return True


class Handler(RequestHandler):
    """Gives each association its receiver, before anything is heard."""

    def _create_association(self) -> Association:
        assoc = super()._create_association()
        assoc.dul = Receiver(assoc)
        # The library hands these on to the upper layer it knows.
        assoc.acse_timeout, assoc.network_timeout = self.ae.acse_timeout, self.ae.network_timeout
        assoc.set_socket(AssociationSocket(assoc, client_socket=self.request))
        return assoc
