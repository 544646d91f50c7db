"""The intake: one port served by several processes, and one of them that watches the folders."""

import logging
import sys
import warnings
from datetime import timedelta

from workbench.domain.errors import WorkbenchError
from workbench.intake.dicom import DicomService
from workbench.intake.folders import Folders
from workbench.intake.siblings import keep
from workbench.settings import Settings
from workbench.store.blobs import make_folders
from workbench.workflow.arrival_heads import load_readers
from workbench.workflow.process import beating, until_told
from workbench.workflow.station import Station, station_of

log = logging.getLogger(__name__)


def run() -> int:
    """Listen until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s intake %(levelname)s %(message)s")
    for library in ("pynetdicom", "pydicom"):  # they log and warn with values of the file
        logging.getLogger(library).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="pydicom")
    settings = Settings()
    station = station_of(settings, settings.database_url, pool=8)  # connects when first asked
    station.blobs.temporary_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_folders(station.blobs.root)
    station.blobs.sweep_temporary(station.now() - timedelta(days=1))
    load_readers()  # once, shared by all processes; the first film need not wait for it
    try:
        service = DicomService(station)
    except OSError as error:
        print(  # noqa: T201 - the person starting it reads this
            f"The DICOM port {settings.dicom_port} on {settings.dicom_host} cannot be opened "
            f"({error.strerror}); stop the program that uses it or choose --dicom-port.",
            file=sys.stderr,
        )
        return 3
    except WorkbenchError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 3
    log.info("DICOM service %s on port %s", settings.dicom_ae_title, service.port)
    return keep(settings.dicom_processes, lambda number: _serve(station, service, number))


def _serve(station: Station, service: DicomService, number: int) -> None:
    """Take films until told to stop; the first one also watches the folders and says it lives."""
    service.open()
    if number == 0:
        folders = Folders(station)
        with beating(station, "intake", {"port": service.port}):
            until_told()
        folders.close()
    else:
        until_told()
    service.close()
    station.store.close()


if __name__ == "__main__":
    sys.exit(run())
