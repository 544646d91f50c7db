"""The DICOM service: C-ECHO and C-STORE; success is said only when the database has committed."""

import logging
import socket
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from pynetdicom import AE, _config, evt
from pynetdicom.association import Association
from pynetdicom.sop_class import (  # type: ignore[attr-defined]
    ComputedRadiographyImageStorage,
    DigitalMammographyXRayImageStorageForPresentation,
    DigitalXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
    GeneralECGWaveformStorage,
    MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
    MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
    SecondaryCaptureImageStorage,
    TwelveLeadECGWaveformStorage,
    Verification,
)
from pynetdicom.transport import ThreadedAssociationServer

from workbench.domain.errors import StorageFull, WorkbenchError
from workbench.intake.receiver import PDU_BYTES, Handler, IncomingFile
from workbench.intake.senders import dicom_sender
from workbench.store.blobs import free_mb
from workbench.workflow.arrivals import Filing, file_recording
from workbench.workflow.station import Station

log = logging.getLogger(__name__)

SUCCESS, OUT_OF_RESOURCES = 0x0000, 0xA700  # PS3.4 table B.2-1
REJECT_TRANSIENT, PROVIDER_PRESENTATION, LOCAL_LIMIT = 0x02, 0x03, 0x02  # PS3.8 table 9-21
MOST_ASSOCIATIONS = 32
OBJECT = "object.dcm"
ABORT_SECONDS = 1.0  # for the word "abort" to leave before the line is closed

CLASSES = (
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
    DigitalMammographyXRayImageStorageForPresentation,
    SecondaryCaptureImageStorage,
    MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
    MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
    TwelveLeadECGWaveformStorage,
    GeneralECGWaveformStorage,
)
SYNTAXES = (
    "1.2.840.10008.1.2.1",  # Explicit VR Little Endian
    "1.2.840.10008.1.2",  # Implicit VR Little Endian
    "1.2.840.10008.1.2.2",  # Explicit VR Big Endian
    "1.2.840.10008.1.2.1.99",  # Deflated Explicit VR Little Endian
    "1.2.840.10008.1.2.5",  # RLE Lossless
    "1.2.840.10008.1.2.4.50",  # JPEG Baseline
    "1.2.840.10008.1.2.4.51",  # JPEG Extended, 12 bit
    "1.2.840.10008.1.2.4.57",  # JPEG Lossless
    "1.2.840.10008.1.2.4.70",  # JPEG Lossless SV1
    "1.2.840.10008.1.2.4.80",  # JPEG-LS Lossless
    "1.2.840.10008.1.2.4.81",  # JPEG-LS Near-Lossless
    "1.2.840.10008.1.2.4.90",  # JPEG 2000 Lossless
    "1.2.840.10008.1.2.4.91",  # JPEG 2000
    "1.2.840.10008.1.2.4.201",  # HTJ2K Lossless
    "1.2.840.10008.1.2.4.202",  # HTJ2K Lossless RPCL
    "1.2.840.10008.1.2.4.203",  # HTJ2K
)


class DicomService:
    """The listening side of the hospital's modalities."""

    def __init__(self, station: Station) -> None:
        self._station = station
        _config.STORE_RECV_CHUNKED_DATASET = True  # a film goes to disk, never whole into memory
        # The chunks land where blobs are made of them: same disk, swept at start.
        tempfile.tempdir = str(station.blobs.temporary_folder)
        self._ae = AE(ae_title=station.settings.dicom_ae_title)
        self._ae.maximum_associations = MOST_ASSOCIATIONS
        self._ae.maximum_pdu_size = PDU_BYTES
        self._ae.require_called_aet = False
        self._ae.add_supported_context(Verification)
        for sop_class in CLASSES:
            self._ae.add_supported_context(sop_class, list(SYNTAXES))
        self._server = self._ae.make_server(
            (station.settings.dicom_host, station.settings.dicom_port),
            server_class=ThreadedAssociationServer,
            evt_handlers=[
                (evt.EVT_REQUESTED, self._on_requested),
                (evt.EVT_C_STORE, self._on_store),
                (evt.EVT_C_ECHO, lambda _event: SUCCESS),
                (evt.EVT_CONN_CLOSE, _tidy_up),
            ],
        )
        self._server.RequestHandlerClass = Handler
        # Several processes accept on this one socket; who comes second must not wait in accept().
        self._server.socket.setblocking(False)  # type: ignore[union-attr]
        self._listener = threading.Thread(target=self._server.serve_forever, name="listener")

    def open(self) -> None:
        """Take associations from now on, in a thread of this process."""
        self._ae._servers.append(self._server)  # noqa: SLF001 - where its shutdown looks for it
        self._listener.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Stop listening and cut off who still sends: they were told nothing, they send again."""
        self._server.shutdown()
        for assoc in self._ae.active_associations:
            _cut_off(assoc)

    def _on_requested(self, event: evt.Event) -> None:
        """Below the free-space floor say "come again later" before any byte is sent."""
        settings = self._station.settings
        free = free_mb(settings.blobs)
        if free < settings.free_floor_mb:
            log.error(
                "association refused: %s",
                StorageFull(str(settings.blobs), free, settings.free_floor_mb),
            )
            event.assoc.acse.send_reject(REJECT_TRANSIENT, PROVIDER_PRESENTATION, LOCAL_LIMIT)
            event.assoc.kill()

    def _on_store(self, event: evt.Event) -> int:
        """File one object; every failure is "out of resources", so that the sender tries again."""
        path = Path(event.dataset_path)
        film = event.request._dataset_file  # noqa: SLF001 - the library shows only its path
        if isinstance(film, IncomingFile) and film.spoiled:
            path.unlink(missing_ok=True)
            log.error("a film cannot be written (%s)", film.spoiled)
            return OUT_OF_RESOURCES
        try:
            requestor = event.assoc.requestor
            sender = dicom_sender(self._station, requestor.ae_title, requestor.address)
            hashed = film.hashed if isinstance(film, IncomingFile) else None
            outcome = file_recording(
                self._station, sender, {OBJECT: path}, {OBJECT: hashed} if hashed else {}
            )
        except WorkbenchError as error:
            log.error("C-STORE refused: %s", error)  # noqa: TRY400 - says all there is to say
            return OUT_OF_RESOURCES
        except Exception as error:  # noqa: BLE001 - 0xC211 would tell the sender never to try again
            log.error("C-STORE failed: %s", type(error).__name__)  # noqa: TRY400 - no values in logs
            return OUT_OF_RESOURCES
        finally:
            path.unlink(missing_ok=True)
        if outcome.filing is not Filing.FILED:
            log.info("C-STORE from %s: %s", sender.source, outcome.filing)
        return SUCCESS


def _cut_off(assoc: Association) -> None:
    """End an association also when its sender never stops to listen.

    A film that is being filed meanwhile is filed; its repeat is a duplicate.
    """
    assoc.abort(block=False)
    patience = time.monotonic() + ABORT_SECONDS
    while not assoc.dul.to_provider_queue.empty() and time.monotonic() < patience:
        time.sleep(0.01)
    line = assoc.dul.socket and assoc.dul.socket.socket
    if line:  # the library would read on for as long as something comes
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
    assoc.kill()


def _tidy_up(event: evt.Event) -> None:
    """A sender that was cut off mid-object leaves nothing: it was told nothing, it sends again."""
    # A connection that ends before it asks for anything (a port probe) would keep one of the
    # places for half a minute, and a few probes a second would shut the modalities out.
    if not event.assoc.is_established:
        waiting: Any = event.assoc.dul.to_user_queue
        waiting.put(None)
    half = getattr(event.assoc.dimse.message, "_data_set_file", None)  # only of an unfinished one
    if half is None:
        return
    half.close()
    Path(half.name).unlink(missing_ok=True)
    log.warning("an association ended mid-object; nothing of the object is kept")
