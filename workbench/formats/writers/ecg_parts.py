"""What the writers of cart formats share: names in two parts, leads worth storing, whole steps."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import Invalid
from workbench.domain.trace import Trace
from workbench.formats.leads import DERIVED_LIMB, with_limb_leads

FURTHEST: Final = 32767  # steps of 16 bits


def family_given(dicom_name: str) -> tuple[str, str]:
    """Family and given name of a DICOM person name, the ideographic group when there is one."""
    groups = dicom_name.split("=")
    chosen = groups[1] if len(groups) > 1 and groups[1].strip("^ ") else groups[0]
    family, _, rest = chosen.partition("^")
    return family, rest.split("^")[0]


def worth_storing(trace: Trace, step_mv: float) -> tuple[str, ...]:
    """Leads of a file that leaves out the limb leads which follow from I and II within a step."""
    rows = dict(zip(trace.leads, trace.millivolts, strict=True))
    follow, _ = with_limb_leads({k: v for k, v in rows.items() if k not in DERIVED_LIMB})
    return tuple(
        name
        for name in trace.leads
        if name not in DERIVED_LIMB
        or name not in follow
        or not np.abs(rows[name] - follow[name]).max() <= step_mv  # also where a gap is
    )


def steps_of(trace: Trace, names: tuple[str, ...], step_mv: float) -> NDArray[np.int16]:
    """Whole steps of the named leads, shape (n_leads, n_samples).

    Raises
    ------
    Invalid
        If a sample is missing (most carts cannot say so), too large, or of unknown size.
    """
    if not trace.calibrated:
        raise Invalid("scale", "not calibrated", "a trace whose steps in mV are known")
    values = np.stack([trace.lead(name) for name in names]).astype(np.float64)
    if not np.isfinite(values).all():
        raise Invalid(
            "samples", "gaps", "a recording without gaps; this format has no sign for one"
        )
    steps = np.round(values / step_mv)
    if np.abs(steps).max() > FURTHEST:
        limit = FURTHEST * step_mv
        raise Invalid("largest sample", f"{np.abs(values).max():.1f} mV", f"{limit:.1f} mV at most")
    return steps.astype(np.int16)


def whole(value: float) -> str:
    """A measurement as carts print it."""
    return f"{round(value):d}"
