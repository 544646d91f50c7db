"""A resting ECG as recorded: one unit for ever, gaps stay gaps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import BadTrace

LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
EXTRA_LEADS = ("V3R", "V4R", "V5R", "V7", "V8", "V9")
LOWEST_RATE, HIGHEST_RATE = 100.0, 4000.0  # Hz; outside this the header is wrong, not the heart


@dataclass(frozen=True, slots=True)
class DeviceSays:
    """What the cart itself measured and stated; kept apart from anything computed here."""

    measurements: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    statements: tuple[str, ...] = ()
    maker: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """A resting ECG as recorded, before any filter.

    Attributes
    ----------
    millivolts : ndarray of float32, shape (n_leads, n_samples)
        NaN marks samples the machine did not record; nothing here fills them in.
    rate : float
        Samples per second (Hz).
    leads : tuple of str
        Names of the rows, of `LEADS` or `EXTRA_LEADS` or as the file says.
    derived : tuple of str
        Leads computed from others (Einthoven, Goldberger) because the file did not hold them.
    origin : str
        Name of the reader that made this trace.
    notes : tuple of str
        What the reader had to leave open, in plain words.
    calibrated : bool
        False when the file does not say (or contradicts itself on) how many mV a step is: shapes
        and times hold, amplitudes do not, and no page prints millivolts.
    """

    millivolts: NDArray[np.float32]
    rate: float
    leads: tuple[str, ...] = LEADS
    derived: tuple[str, ...] = ()
    device: DeviceSays = field(default_factory=DeviceSays)
    origin: str = ""
    notes: tuple[str, ...] = ()
    calibrated: bool = True

    def __post_init__(self) -> None:
        own = np.array(self.millivolts, dtype=np.float32)  # a copy: the caller keeps theirs
        if own.ndim != 2 or own.shape[0] != len(self.leads):
            hint = "if the rows are samples, pass the transpose"
            raise BadTrace(f"expected {len(self.leads)} leads as rows, got {own.shape}; {hint}")
        if own.shape[1] == 0:
            raise BadTrace("the recording holds no sample; ask the clinic to send it again")
        if len(set(self.leads)) != len(self.leads):
            raise BadTrace(f"lead names repeat: {self.leads}; one row per lead is expected")
        if not LOWEST_RATE <= self.rate <= HIGHEST_RATE:
            raise BadTrace(
                f"rate {self.rate} Hz is outside {LOWEST_RATE:.0f} to {HIGHEST_RATE:.0f} Hz; "
                "is it in kHz or ms?"
            )
        own.flags.writeable = False
        object.__setattr__(self, "millivolts", own)

    @property
    def seconds(self) -> float:
        """Length of the recording."""
        samples: int = self.millivolts.shape[1]
        return samples / self.rate

    def lead(self, name: str) -> NDArray[np.float32]:
        """One lead in mV, shape (n_samples,)."""
        if name not in self.leads:
            raise BadTrace(
                f"lead {name} is not in this recording; it holds {', '.join(self.leads)}"
            )
        row: NDArray[np.float32] = self.millivolts[self.leads.index(name)]
        return row
