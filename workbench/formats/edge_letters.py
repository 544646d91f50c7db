"""Which way the patient lies on a film as it is stored; the viewer's are `film/letters.mjs`."""

import re
from collections.abc import Mapping
from typing import Any, Final

OPPOSITE: Final = str.maketrans("LRAPHF", "RLPAFH")
LETTERS: Final = re.compile(r"[LRAPHF]{1,3}")
SIDES: Final = frozenset({"L", "R", "B", "U"})


def edges_of(tags: Mapping[str, Any]) -> dict[str, str] | None:
    """Letters at the four edges by Patient Orientation; None where the file does not say.

    References
    ----------
    DICOM PS3.3 C.7.6.1.1.1: where the rows run to, then where the columns run to.
    """
    given = tags.get("PatientOrientation") or ""
    parts = given.split("\\") if isinstance(given, str) else list(map(str, given))
    if len(parts) != 2:
        return None
    right, bottom = (part.strip().upper() for part in parts)
    if not (LETTERS.fullmatch(right) and LETTERS.fullmatch(bottom)):
        return None
    left, top = right.translate(OPPOSITE), bottom.translate(OPPOSITE)
    return {"top": top, "right": right, "bottom": bottom, "left": left}


def side_known(tags: Mapping[str, Any]) -> bool:
    """Whether left and right of the patient can be told from what the file says."""
    said = str(tags.get("ImageLaterality") or tags.get("Laterality") or "").strip().upper()
    edges = edges_of(tags)
    return said in SIDES or (edges is not None and bool({"L", "R"} & set(edges["left"])))
