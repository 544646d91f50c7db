"""What deviation of the exposure a site accepts for a part of the body: its own file, or ours."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from workbench.domain.errors import WorkbenchError

_ANY = ""


class BadBands(WorkbenchError):
    """A file of exposure bands that cannot be followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureBand:
    """Limits around a target.

    Attributes
    ----------
    note, review : float
        Deviation index worth mentioning and worth a review; without unit, both sides alike.
    target : float or None
        Target exposure index of this site and part; None: the device's own target is used.
    source : str
        Who decided it.
    """

    note: float
    review: float
    target: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class ExposureBands:
    """Bands by (site code, body part code); an empty word stands for any."""

    rows: Mapping[tuple[str, str], ExposureBand]

    def of(self, site: str, part: str, usual: ExposureBand) -> ExposureBand:
        """Give the nearest band: site and part, then site, then part, then the usual one.

        Parameters
        ----------
        site : str
            Code of the institution that took the film.
        part : str
            Code of the body part; "" when it is not known.
        usual : ExposureBand
            Of the rule book.

        Returns
        -------
        ExposureBand
            The band to judge by.
        """
        for key in ((site, part), (site, _ANY), (_ANY, part), (_ANY, _ANY)):
            if key in self.rows:
                return self.rows[key]
        return usual


NO_BANDS = ExposureBands(MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class ExposureLimits:
    """Whose bands a film is judged by: the institution that took it, and all there are."""

    site: str = ""
    bands: ExposureBands = NO_BANDS


USUAL_LIMITS = ExposureLimits()


def parse_bands(text: str) -> ExposureBands:
    """Read bands from TOML: rows of ``[[band]]`` with note, review and source.

    Parameters
    ----------
    text : str
        Each row may also name ``site``, ``part`` (code of body_parts.json) and ``target``.

    Returns
    -------
    ExposureBands
        As written.

    Raises
    ------
    BadBands
        With all faults at once: a value missing or not positive, review below note, a row twice.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadBands(f"the exposure bands are no TOML: {error}") from error
    found: dict[tuple[str, str], ExposureBand] = {}
    faults: list[str] = []
    for number, row in enumerate(data.get("band", []), start=1):
        said = _faults(row)
        key = (str(row.get("site", _ANY)), str(row.get("part", _ANY)))
        if key in found:
            said.append(f"site {key[0] or 'any'}, part {key[1] or 'any'} stands twice")
        if said:
            faults += [f"band {number}: {one}" for one in said]
            continue
        target = row.get("target")
        found[key] = ExposureBand(
            note=float(row["note"]),
            review=float(row["review"]),
            target=None if target is None else float(target),
            source=row["source"],
        )
    if faults:
        raise BadBands("exposure bands: " + "; ".join(faults))
    return ExposureBands(MappingProxyType(found))


def _faults(row: Mapping[str, Any]) -> list[str]:
    said = [
        f"{name} is {row.get(name)!r}; a number above 0 is needed"
        for name in ("note", "review")
        if not _positive(row.get(name))
    ]
    if not said and row["review"] < row["note"]:
        said.append(f"review {row['review']:g} is below note {row['note']:g}")
    if "target" in row and not _positive(row["target"]):
        said.append(f"target is {row['target']!r}; a number above 0, or leave it out")
    if not str(row.get("source", "")).strip():
        said.append("no source; say who decided it")
    strange = sorted(set(row) - {"site", "part", "note", "review", "target", "source"})
    return said + [f"{name} is unknown" for name in strange]


def _positive(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and value > 0  # type: ignore[arg-type,operator]
