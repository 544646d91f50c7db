"""Labelled 12-lead records of a folder in the form of the shared one, with what people said."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import wfdb
from ecg_data import CANON, cinc2021
from ludb_waves import Waves, waves_of

from workbench.domain.trace import LEADS, Trace

# SNOMED CT codes of PhysioNet/CinC 2021
SNOMED = {
    "AF": {"164889003", "195080001", "426749004", "282825002"},
    "AFL": {"164890007", "195101003"},
    "AVB3": {"27885002"},
    "VT": {"164895002", "425856008", "426525004"},
    "VF": {"164896001", "111288001"},
    "STEMI": {"401303003", "54329005", "401314000"},
    "LBBB": {"164909002", "733534002", "63467002"},
    "PACED": {"10370003", "251268003", "251266004", "251267008"},
    "NOT_SINUS": {"713422000", "426761007", "713427006", "29320008", "426995002"},
}
PLAIN = {"426783006", "426177001", "427084000", "427393009"}  # sinus, slow, fast, uneven


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """One 12-lead record: trace, patient, labels, and the cardiologists' marks where there are."""

    name: str
    trace: Trace
    age: float | None
    sex: str | None
    labels: frozenset[str]
    plain: bool  # sinus rhythm and nothing else, or a rate outside 60 to 100
    waves: Waves | None = None

    @property
    def wide(self) -> bool:
        """Whether the plain ST rule must be silent."""
        return bool(self.labels & {"LBBB", "PACED"})


def records(folder: Path) -> list[Known]:
    """All 12-lead records of ten seconds."""
    return [*_ludb(folder), *_cinc(folder)]


def _ludb(folder: Path) -> Iterator[Known]:
    table = folder / "ludb" / "labels.csv"
    if not table.exists():
        return
    with table.open(encoding="utf-8-sig") as file:
        rows = {row["ID"].strip(): row for row in csv.DictReader(file)}
    for one in waves_of(folder):
        row = rows[one.record.name]
        said = {key: (value or "").lower() for key, value in row.items()}
        rhythm, conduction = said["Rhythms"], said["Conduction abnormalities"]
        found = {
            "AF": "atrial fibrillation" in rhythm,
            "AFL": "flutter" in rhythm,
            "AVB3": "iii degree av" in conduction,
            "LBBB": "complete left bundle" in conduction and "incomplete left" not in conduction,
            "PACED": bool(said["Cardiac pacing"].strip()),
            "STEMI": bool(re.search(r"(?<!n)stemi", said["Ischemia"])),
            "VT": "ventricular tachycardia" in rhythm and "supra" not in rhythm,
        }
        plain = set(said["tags"].upper().split()) <= {"NSR", "SBRAD", "STACH"} and not any(
            said[key].strip()
            for key in ("Conduction abnormalities", "Extrasystolies", "Cardiac pacing", "Ischemia")
        )
        age = re.search(r"\d+", row["Age"])
        yield Known(
            f"ludb {one.record.name}",
            one.record.trace,
            float(age[0]) if age else None,
            row["Sex"].strip() or None,
            frozenset(key for key, held in found.items() if held),
            plain and "sinus" in rhythm,
            one,
        )


def _cinc(folder: Path) -> Iterator[Known]:
    if not (folder / "cinc2021").is_dir():
        return
    for one, codes in cinc2021(folder):
        head = wfdb.rdheader(str(folder / "cinc2021" / one.name))
        said = dict(c.split(":", 1) for c in head.comments if ":" in c)
        age = re.fullmatch(r"\s*(\d+)\s*", said.get("Age", ""))
        sex = {"male": "M", "female": "F"}.get(said.get("Sex", "").strip().lower())
        names = tuple(CANON.get(n.lower(), n) for n in one.trace.leads)
        trace = Trace(np.asarray(one.trace.millivolts), one.trace.rate, names)
        labels = frozenset(key for key, known in SNOMED.items() if known & codes)
        if set(LEADS) <= set(names):
            yield Known(
                f"cinc2021 {one.name}", trace, float(age[1]) if age else None, sex, labels,
                codes <= PLAIN and bool(codes),
            )  # fmt: skip
