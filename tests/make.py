"""One factory per noun, keyword arguments over sane values; files are real files of our writers."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from workbench.domain.actor import Actor, Licence, Role
from workbench.domain.kinds import ExamKind
from workbench.domain.order import Known, Order, Urgency
from workbench.domain.site import Agreement, Site, SiteAddress, SiteKind
from workbench.domain.trace import LEADS, Trace
from workbench.formats.writers import dx
from workbench.formats.writers.ecg_dicom import EcgHeader, ecg_dataset
from workbench.phantoms.ecg import EcgCase, Rhythm, make_ecg

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
BOTH = frozenset({ExamKind.DR, ExamKind.ECG})


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def go_on(self, **time: float) -> None:
        self.at += timedelta(**time)


def make_actor(username="reader", role=Role.READER, site_code="COUNTY", **given) -> Actor:
    licence = Licence(number="110", expires_on=date(2030, 1, 1), scope=BOTH)
    return Actor(
        **{
            "username": username,
            "name": username.title(),
            "role": role,
            "site_code": site_code,
            "licence": licence,
            **given,
        }
    )


READER = make_actor()
OTHER_READER = make_actor("reader2")
REVIEWER = make_actor("reviewer", Role.REVIEWER)
CLINIC = make_actor("clinic", Role.CLINICIAN, "T01", licence=None)
OTHER_CLINIC = make_actor("clinic2", Role.CLINICIAN, "T02", licence=None)
QA = make_actor("qa", Role.QA, licence=None)
ADMIN = make_actor("admin", Role.ADMIN, licence=None)
TECHNICIAN = make_actor("technician", Role.TECHNICIAN, "T01", licence=None)
OTHER_TECHNICIAN = make_actor("technician2", Role.TECHNICIAN, "T02", licence=None)
TRAINEE = make_actor("trainee", Role.TRAINEE, licence=None)
EVERYBODY = (
    READER, OTHER_READER, REVIEWER, CLINIC, OTHER_CLINIC, TECHNICIAN, OTHER_TECHNICIAN, QA, ADMIN,
    TRAINEE,
)  # fmt: skip


def make_site(code="T01", **given) -> Site:
    kind = SiteKind.TOWNSHIP if code.startswith("T0") else SiteKind.COUNTY
    return Site(**{"code": code, "name": f"{code} 卫生院", "kind": kind, **given})


def make_address(site_code="T01", ae_title="T01_DR", address="127.0.0.1") -> SiteAddress:
    return SiteAddress(site_code=site_code, ae_title=ae_title, address=address)


def make_agreement(examining="T01", reading="COUNTY", **given) -> Agreement:
    return Agreement(
        **{
            "id": "",
            "examining": examining,
            "reading": reading,
            "kinds": BOTH,
            "starts_on": date(2026, 1, 1),
            "ends_on": date(2027, 12, 31),
            **given,
        }
    )


def make_order(**given) -> Order:
    return Order(
        **{
            "id": "",
            "site_code": "T01",
            "kind": ExamKind.DR,
            "local_id": "P1",
            "patient_name": "王秀兰",
            "reason": "咳嗽",
            "urgency": Urgency.ROUTINE,
            "chest_pain": Known.UNKNOWN,
            **given,
        }
    )


def make_film(**given) -> bytes:
    """A small DX file; `uid` sets its instance, `study` its study, `shade` its pixels.

    A `blank` one holds one value: exposed without a beam. A `turned` one is another picture with
    the same values.
    """
    tags = given.pop("tags", {})  # by keyword, as the file of another device would have them
    uid, study = given.pop("uid", "1.2.3.1"), given.pop("study", "1.2.3")
    shade, size = given.pop("shade", 0), given.pop("size", (96, 80))
    rows, columns = size
    grain = np.random.default_rng(7).integers(0, 200, (rows, columns))
    ramp = np.add.outer(np.arange(rows), np.arange(columns)) * 40 % 12000 + 2000 + shade + grain
    if given.pop("blank", False):
        ramp = np.full((rows, columns), 2000 + shade)
    if given.pop("turned", False):
        ramp = ramp[::-1, ::-1]
    header = dx.DxHeader(
        **{
            "patient": dx.DxPatient(
                name=given.pop("name", "王^秀兰"),
                id=given.pop("local_id", "P1"),
                birth_date=date(1971, 3, 12),
                sex="F",
            ),
            "uids": dx.DxUids(study=study, series=f"{study}.9", instance=uid),
            "device": dx.DxDevice(
                manufacturer="Test", model="Test", serial="1", institution="青山镇卫生院"
            ),
            "exposure": dx.DxExposure(kvp=120, mas=2.5, ei=400, eit=400, di=0.0, dap=1.2),
            "taken_at": NOW - timedelta(minutes=2),
            "accession": given.pop("accession", ""),
            "spacing_mm": 0.143,
            **given,
        }
    )
    film = dx.dx_dataset(ramp.astype(np.uint16), header)
    for keyword, value in tags.items():
        setattr(film, keyword, value)
    return dx.to_bytes(film)


def make_trace(rate_bpm=72.0, rhythm=Rhythm.SINUS, seed=1) -> Trace:
    case = EcgCase(rhythm=rhythm, rate_bpm=rate_bpm)
    return make_ecg(case, 10.0, 500.0, np.random.default_rng(seed)).trace


def flat_trace() -> Trace:
    return Trace(millivolts=np.zeros((12, 5000), np.float32), rate=500.0, leads=LEADS)


def make_ecg_file(trace: Trace | None = None, **given) -> bytes:
    study = given.pop("study", "1.2.4")
    header = EcgHeader(
        **{
            "patient_name": "李^建国",
            "patient_id": "P2",
            "study_uid": study,
            "series_uid": f"{study}.9",
            "instance_uid": given.pop("uid", f"{study}.1"),
            "acquired_at": NOW - timedelta(minutes=2),
            "sex": "M",
            "birth_date": date(1955, 8, 30),
            **given,
        }
    )
    return dx.to_bytes(ecg_dataset(trace if trace is not None else make_trace(), header))


def laid(folder: Path, **files: bytes) -> dict[str, Path]:
    """Files on the blob folder's disk, ready to be taken over."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for number, (name, data) in enumerate(files.items()):
        path = folder / f"laid-{number}-{abs(hash(data))}"
        path.write_bytes(data)
        paths[name] = path
    return paths
