"""The exposure bands of this house, from the file the settings name."""

from functools import cache
from pathlib import Path

from workbench.domain.exposure_band import NO_BANDS, BadBands, ExposureBands, parse_bands
from workbench.workflow.station import Station


def bands_of(station: Station) -> ExposureBands:
    """The bands of the file; none where no file is named. Read once, changes need a restart."""
    path = station.settings.exposure_bands
    return NO_BANDS if path is None else _read(path)


@cache
def _read(path: Path) -> ExposureBands:
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise BadBands(
            f"the exposure bands cannot be read from {path} ({type(error).__name__}); "
            "correct WORKBENCH_EXPOSURE_BANDS or the file"
        ) from error
    return parse_bands(text)
