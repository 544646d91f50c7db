"""One sample ECG in every format a cart sends, with what its device would say taken from truth."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from workbench.domain.trace import DeviceSays, Trace
from workbench.formats.writers.ecg_aecg import to_aecg
from workbench.formats.writers.ecg_dicom import EcgHeader
from workbench.formats.writers.ecg_muse import to_muse
from workbench.formats.writers.ecg_scp import to_scp
from workbench.formats.writers.ecg_sierra import to_sierra

Writer = Callable[[Trace, EcgHeader], bytes]
FORMATS: Final[Mapping[str, tuple[str, Writer]]] = MappingProxyType(
    {
        "scp": (".scp", to_scp),
        "aecg": (".xml", to_aecg),
        "muse": (".xml", to_muse),
        "sierra": (".xml", to_sierra),
    }
)
MEASURED: Final = {
    "rate_bpm": "heart_rate_bpm", "pr_ms": "pr_ms", "qrs_ms": "qrs_ms", "qt_ms": "qt_ms",
    "axis_deg": "qrs_axis_deg",
}  # fmt: skip


def in_format(
    name: str, form: str, trace: Trace, header: EcgHeader, truth: Mapping[str, Any]
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The file by its name, and its truth: the recording's, and what the file says of itself."""
    suffix, writer = FORMATS[form]
    measured = {
        ours: round(float(truth[theirs]))
        for theirs, ours in MEASURED.items()
        if truth.get(theirs) is not None
    }
    device = DeviceSays(
        measurements=MappingProxyType({k: float(v) for k, v in measured.items()}),
        statements=(f"rhythm: {truth['rhythm']}",), maker=header.maker, model=header.model,
    )  # fmt: skip
    data = writer(replace(trace, device=device), header)
    said = {"measurements": measured, "statements": list(device.statements)}
    return {f"{name}{suffix}": data}, {**truth, "format": form, "device_says": said}
