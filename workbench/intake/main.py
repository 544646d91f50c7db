"""The intake process: DICOM service and watched folders."""

import logging
import sys
import warnings
from datetime import timedelta

from workbench.domain.errors import WorkbenchError
from workbench.intake.dicom import DicomService
from workbench.intake.folders import Folders
from workbench.settings import Settings
from workbench.store.blobs import make_folders
from workbench.workflow.process import beating, until_told
from workbench.workflow.station import station_of

log = logging.getLogger(__name__)


def run() -> int:
    """Listen until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s intake %(levelname)s %(message)s")
    for library in ("pynetdicom", "pydicom"):  # they log and warn with values of the file
        logging.getLogger(library).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="pydicom")
    settings = Settings()
    station = station_of(settings, settings.database_url, pool=8)
    station.blobs.temporary_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_folders(station.blobs.root)
    station.blobs.sweep_temporary(station.now() - timedelta(days=1))
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
    folders = Folders(station)
    log.info("DICOM service %s on port %s", settings.dicom_ae_title, service.port)
    with beating(station, "intake", {"port": service.port}):
        until_told()
    folders.close()
    service.close()
    station.store.close()
    return 0


if __name__ == "__main__":
    sys.exit(run())
