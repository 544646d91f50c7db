"""Units of voltage as files write them; an unknown one stays unknown."""

from typing import Final

MILLIVOLTS: Final = {"UV": 1e-3, "MV": 1.0, "V": 1e3, "NV": 1e-6}
# Both signs that people type for micro; upper() would make a Greek capital of them.
MICRO: Final = str.maketrans({"\N{MICRO SIGN}": "u", "\N{GREEK SMALL LETTER MU}": "u"})
COUNTS_PER_MV: Final = 1000.0  # scale of the picture only; such a trace is marked not calibrated


def millivolts_of(unit: str) -> float | None:
    """How many mV one of this unit is; None when it is no unit of voltage we know."""
    return MILLIVOLTS.get(unit.strip(" \0").translate(MICRO).upper())
