"""The sample studies: made by our own generators, truth beside each."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import default_rng

from workbench.formats.writers import dx
from workbench.formats.writers.ecg_dicom import EcgHeader, ecg_dataset
from workbench.formats.writers.ecg_wfdb import to_wfdb
from workbench.formats.writers.jpeg_ls import to_jpeg_ls
from workbench.phantoms.chest_lungs import LEFT, RIGHT
from workbench.phantoms.chest_person import ChestCase, Sex, ThoraxCase
from workbench.phantoms.chest_processing import BITS
from workbench.phantoms.chest_trouble import TroubleKind, plan_trouble
from workbench.phantoms.ecg import EcgCase, EcgRecording, Rhythm, make_ecg
from workbench.phantoms.ecg_cases import case
from workbench.phantoms.thorax import make_film
from workbench.workflow.sample_formats import in_format
from workbench.workflow.sample_list import listing


def make(folder: Path) -> Iterator[str]:
    """Write every sample study and its truth; yields each file name as it is done."""
    folder.mkdir(parents=True, exist_ok=True)
    table = listing()
    for row in table["film"]:
        yield from _write(folder, row, _film(table, row), table)
    for row in table["ecg"]:
        yield from _write(folder, row, _ecg(table, row), table)
        for form in table["again"].get(row["name"], ()):
            again = {**row, "name": f"{row['name']}-{form}"}
            yield from _write(folder, again, _in_format(table, again, form), table)
    for row in table["case"]:
        yield from _write(folder, row, _case(table, row), table)


def make_pathology(folder: Path, names: Collection[str] = ()) -> Iterator[str]:
    """Write chest films with disease or with a fault of the technician: all, or those named."""
    folder.mkdir(parents=True, exist_ok=True)
    table = listing()
    for row in table["pathology"]:
        if not names or row["name"] in names:
            yield from _write(folder, row, _film(table, row), table)


def _write(
    folder: Path, row: Mapping[str, Any], made: tuple[Mapping[str, bytes], Mapping[str, Any]],
    table: Mapping[str, Any],
) -> Iterator[str]:  # fmt: skip
    files, truth = made
    for name, data in files.items():
        (folder / name).write_bytes(data)
        yield name
    origin = {
        "made_by": "workbench samples (workbench/phantoms)", "edition": table["edition"],
        "licence": "Apache-2.0", "seed": row["seed"], "truth": truth,
        "sha256": {n: hashlib.sha256(d).hexdigest() for n, d in files.items()},
    }  # fmt: skip
    if "expected" in row:
        origin["expected"] = row["expected"]
    text = json.dumps(origin, ensure_ascii=False, indent=1, default=_plain)
    (folder / f"{row['name']}.json").write_text(text + "\n", "utf-8")


def _film(
    table: Mapping[str, Any], row: Mapping[str, Any]
) -> tuple[dict[str, bytes], Mapping[str, Any]]:
    patient = row["patient"]
    body = ThoraxCase(
        case=ChestCase(row.get("case", "normal")), sex=Sex(patient["sex"]), age=row["age"],
        habitus=row["habitus"], ctr=row["ctr"], dose=row["dose"],
    )  # fmt: skip
    trouble, bits = None, BITS
    rows, columns = table["film_shape"]
    if "trouble" in row:
        bits = table["pathology_bits"]
        side = LEFT if row.get("side") == "left" else RIGHT
        trouble = plan_trouble(TroubleKind(row["trouble"]), side)
        rows, columns = table["pathology_shape"]
    film = make_film(body, (rows, columns), default_rng(row["seed"]), trouble)
    factors = film.exposure
    header = dx.DxHeader(
        patient=dx.DxPatient(
            name=patient["name"], id=patient["id"], birth_date=patient["birth"], sex=patient["sex"],
        ),
        uids=dx.DxUids(study=_uid(row, 1), series=_uid(row, 2), instance=_uid(row, 3)),
        device=dx.DxDevice(
            manufacturer=table["film_maker"], model=table["film_model"], serial="0",
            institution=table["institution"],
        ),
        exposure=dx.DxExposure(
            kvp=factors.kvp, mas=factors.mas, ei=factors.ei, eit=factors.eit, di=factors.di,
            dap=factors.dap,
        ),
        taken_at=_time(table), accession=row["accession"], spacing_mm=film.spacing_mm,
        bits=bits,
    )  # fmt: skip
    data = dx.to_bytes(to_jpeg_ls(dx.dx_dataset(film.pixels >> np.uint16(BITS - bits), header)))
    return {f"{row['name']}.dcm": data}, film.truth


def _made(table: Mapping[str, Any], row: Mapping[str, Any], form: str = "") -> EcgRecording:
    shape = table["shape"].get(form, {})
    seconds = shape.get("seconds", table["ecg_seconds"])
    rate = shape.get("rate_hz", table["ecg_rate_hz"])
    heart = EcgCase(rhythm=Rhythm(row["rhythm"]), rate_bpm=row["rate_bpm"])
    made = make_ecg(heart, seconds, rate, default_rng(row["seed"]))
    leads = tuple(shape.get("leads", made.trace.leads))
    rows = np.stack([made.trace.lead(lead) for lead in leads])
    derived = tuple(lead for lead in made.trace.derived if lead in leads)
    return replace(made, trace=replace(made.trace, millivolts=rows, leads=leads, derived=derived))


def _in_format(
    table: Mapping[str, Any], row: Mapping[str, Any], form: str
) -> tuple[dict[str, bytes], Mapping[str, Any]]:
    made = _made(table, row, form)
    return in_format(row["name"], form, made.trace, _ecg_header(table, row), made.truth)


def _ecg(
    table: Mapping[str, Any], row: Mapping[str, Any]
) -> tuple[dict[str, bytes], Mapping[str, Any]]:
    made = _made(table, row)
    if row["format"] == "wfdb":
        return to_wfdb(made.trace, row["name"], ("synthetic, no patient",)), made.truth
    data = dx.to_bytes(ecg_dataset(made.trace, _ecg_header(table, row)))
    return {f"{row['name']}.dcm": data}, made.truth


def _case(
    table: Mapping[str, Any], row: Mapping[str, Any]
) -> tuple[dict[str, bytes], Mapping[str, Any]]:
    made = case(row["case"], seed=row["seed"], noise_mv=table["case_noise_mv"], **row["asks"])
    data = dx.to_bytes(ecg_dataset(made.trace, _ecg_header(table, row)))
    return {f"{row['name']}.dcm": data}, made.truth


def _ecg_header(table: Mapping[str, Any], row: Mapping[str, Any]) -> EcgHeader:
    patient = row["patient"]
    return EcgHeader(
        patient_name=patient["name"], patient_id=patient["id"], sex=patient["sex"],
        birth_date=patient["birth"], study_uid=_uid(row, 1), series_uid=_uid(row, 2),
        instance_uid=_uid(row, 3), acquired_at=_time(table), accession=row["accession"],
        institution=table["institution"], maker=table["ecg_maker"], model=table["ecg_model"],
    )  # fmt: skip


def _uid(row: Mapping[str, Any], part: int) -> str:
    """The same sample has the same UID wherever it is made (PS3.5 B.2: a UUID as a number)."""
    text = f"county-reading-workbench sample {row['name']} {row['seed']} {part}"
    return f"2.25.{int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], 'big')}"


def _time(table: Mapping[str, Any]) -> datetime:
    taken: datetime = table["taken_at"]
    return taken


def _plain(value: object) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    return str(value)
