"""The display copy "trace" read back: what pages draw and what is printed is one and the same."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from workbench.domain.errors import BadTrace
from workbench.domain.trace import DeviceSays, Trace


def read_trace(data: bytes, meta: Mapping[str, Any]) -> Trace:
    """Undo `display_copy.trace_samples`; -32768 is a gap again.

    Raises
    ------
    BadTrace
        If the bytes are not whole samples of the leads that `meta` names.
    """
    leads = tuple(meta["leads"])
    if not leads or len(data) % (2 * len(leads)):
        raise BadTrace(
            f"{len(data)} bytes are not whole samples of {len(leads)} leads; make the copy again"
        )
    units = np.frombuffer(data, "<i2").reshape(len(leads), -1)
    millivolts = units.astype(np.float32) * np.float32(meta["lsb_uv"] / 1000.0)
    millivolts[units == meta["gap"]] = np.nan
    said = meta.get("device") or {}
    return Trace(
        millivolts,
        rate=meta["rate"],
        leads=leads,
        derived=tuple(meta.get("derived", ())),
        device=DeviceSays(
            measurements=dict(said.get("measurements") or {}),
            statements=tuple(said.get("statements") or ()),
            maker=said.get("maker") or "",
            model=said.get("model") or "",
        ),
        origin=meta.get("origin", ""),
        notes=tuple(map(str, meta.get("notes", ()))),
        calibrated=meta.get("calibrated", True),
    )
