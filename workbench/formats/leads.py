"""Names of ECG leads: by code where there is one, by text only as a last resort."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.lead_names import LeadNames, check_names
from workbench.domain.trace import EXTRA_LEADS, LEADS, Trace

# DICOM CID 3001 (SCP-ECG designators, EN 1064 table of lead codes): the last part of 5.6.3-9-N
SCP: Final = {
    "1": "I", "2": "II", "3": "V1", "4": "V2", "5": "V3", "6": "V4", "7": "V5", "8": "V6",
    "9": "V7", "11": "V3R", "12": "V4R", "13": "V5R", "61": "III", "62": "aVR", "63": "aVL",
    "64": "aVF", "66": "V8", "67": "V9",
}  # fmt: skip
# ISO/IEEE 11073-10101: 2:N, the same numbering in DICOM CID 3001 with designator MDC
MDC: Final = {f"2:{number}": name for number, name in SCP.items()} | {
    "2:111": "III", "2:112": "aVR", "2:113": "aVL", "2:114": "aVF",  # "derived lead ..."
}  # fmt: skip
MDC_NAMES: Final = {f"MDC_ECG_LEAD_{name.upper()}": name for name in (*LEADS, *EXTRA_LEADS)}
BY_TEXT: Final = {name.upper(): name for name in (*LEADS, *EXTRA_LEADS)}
DERIVED_LIMB: Final = ("III", "aVR", "aVL", "aVF")
SCP_PREFIX: Final = "5.6.3-9-"


def lead_of(code: str, scheme: str, text: str) -> str:
    """Name of a lead from its code, else from its text; empty when neither is known."""
    code, scheme = code.strip(" \0"), scheme.strip(" \0").upper()
    if scheme == "SCPECG" and code.startswith(SCP_PREFIX):
        found = SCP.get(code[len(SCP_PREFIX) :], "")
    else:
        found = MDC.get(code) or MDC_NAMES.get(code.upper(), "")
    return found or lead_from_text(text)


def lead_from_text(text: str) -> str:
    """Name of a lead as a file writes it: "Lead I (Einthoven)", "avr", "MDC_ECG_LEAD_V1"."""
    word = text.strip(" \0").upper()
    if word in MDC_NAMES:
        return MDC_NAMES[word]
    word = word.removeprefix("LEAD").strip(" _-:").split("(")[0].strip()
    return BY_TEXT.get(word, "")


def with_limb_leads(
    rows: dict[str, NDArray[np.float32]],
) -> tuple[dict[str, NDArray[np.float32]], tuple[str, ...]]:
    """Add the limb leads that follow from I and II (Einthoven, Goldberger), and name them."""
    if not {"I", "II"} <= rows.keys():
        return rows, ()
    one, two = rows["I"], rows["II"]
    follow = {
        "III": two - one,
        "aVR": -(one + two) / 2,
        "aVL": one - two / 2,
        "aVF": two - one / 2,
    }
    derived = tuple(name for name in DERIVED_LIMB if name not in rows)
    return rows | {name: follow[name] for name in derived}, derived


def renamed(trace: Trace, given: LeadNames) -> Trace:
    """The trace with chest leads called as a person said; samples stay, a note names the person.

    Raises
    ------
    Invalid
        If the decision does not fit the leads of the trace.
    """
    if not given.names:
        return trace
    check_names(given.names, trace.leads)
    names = [given.names.get(lead, lead) for lead in trace.leads]
    order = in_order(names)
    rows = [names.index(name) for name in order]
    notes = tuple(
        f"{old} of the file is called {new} by {given.by_name} on {given.at:%Y-%m-%d}"
        for old, new in sorted(given.names.items())
    )
    return replace(
        trace,
        millivolts=trace.millivolts[rows],
        leads=tuple(order),
        notes=(*trace.notes, *notes),
    )


def in_order(names: list[str]) -> list[str]:
    """The twelve leads first, then the known extra ones, then the rest as they came."""
    order = {name: at for at, name in enumerate((*LEADS, *EXTRA_LEADS))}
    return sorted(names, key=lambda name: order.get(name, len(order)))


def einthoven_residual(rows: dict[str, NDArray[np.float32]]) -> float | None:
    """Typical |I + III - II| in mV, or None when one of them is missing."""
    if not {"I", "II", "III"} <= rows.keys():
        return None
    off = np.abs(rows["I"] + rows["III"] - rows["II"])
    seen = off[np.isfinite(off)]
    return float(np.percentile(seen, 95)) if seen.size else None
