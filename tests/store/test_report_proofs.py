"""What the owner of the database changes in a signed report is found, and the report is named."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from tests import make
from tests.workflow.conftest import arrive, clock, county, screened, station  # noqa: F401 - fixtures
from workbench.domain.report import ReportBody
from workbench.store import report_proofs, reports, sites
from workbench.workflow import deliveries
from workbench.workflow import reports as acts

BODY = ReportBody(findings="双肺野清晰。", impression="胸部正位片未见明显异常。")


@pytest.fixture
def signed(county, screened):  # noqa: F811 - the fixtures
    exam_id = screened(make.make_film())
    seen = acts.save_draft(county, make.READER, exam_id, BODY, 0).revision
    one = acts.sign(county, make.READER, exam_id, seen)
    deliveries.deliver(county, one.id, "released")
    return one


def faults(station):  # noqa: F811 - the argument
    with station.store.look() as conn:
        return report_proofs.verify(conn, station.blobs)[1]


def tamper(owner, table, change):
    with owner.begin() as conn:
        conn.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        done = conn.execute(sa.text(change))
        assert done.rowcount == 1
        conn.execute(sa.text(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_only_grows"))


def test_what_was_signed_added_taken_back_and_sent_is_as_it_was(county, signed):  # noqa: F811
    acts.add(county, make.READER, signed.exam_id, "补充:与前片比较无变化。")
    acts.retract(county, make.READER, signed.exam_id, "患者信息错误")
    with county.store.look() as conn:
        assert report_proofs.verify(conn, county.blobs) == (2, [])


CHANGED = "does not match the digest"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE signed_report SET body = jsonb_set(body, '{impression}', '\"x\"')", CHANGED),
        ("UPDATE signed_report SET facts = jsonb_set(facts, '{patient,name}', '\"x\"')", CHANGED),
        ("UPDATE signed_report SET licence_number = '999'", CHANGED),
        ("UPDATE signed_report SET author_name = 'x'", "the signer's name"),
        ("UPDATE signed_report SET digest = repeat('0', 64)", "audit row of its signature"),
        ("UPDATE report_release SET licence_number = '999'", "who released it"),
        ("UPDATE report_release SET by_name = 'x'", "who released it"),
    ],
)
def test_every_change_names_the_report(county, signed, owner, change, says):  # noqa: F811
    assert faults(county) == []
    tamper(owner, change.split()[1], change)
    found = faults(county)
    assert {f.object for f in found} == {f"report/{signed.id}"}
    assert any(says in f.message for f in found)
    assert all(f.chain == "T01" and signed.exam_id in f.message for f in found)


def test_a_retraction_undone_or_invented_is_found(county, signed, owner):  # noqa: F811
    acts.retract(county, make.READER, signed.exam_id, "患者信息错误")
    tamper(owner, "retraction", "DELETE FROM retraction")
    assert "retraction" in faults(county)[0].message


def test_a_report_that_was_taken_away_is_missed(county, signed, owner):  # noqa: F811
    with owner.begin() as conn:
        for table in ("signed_report", "report_release"):
            conn.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        for table in ("delivery", "report_release", "signed_report"):
            conn.execute(sa.delete(sa.table(table)))
    assert [(f.kind, f.object) for f in faults(county)] == [("missing", f"report/{signed.id}")]


def test_a_report_nobody_signed_is_found_in_a_home_for_patients(county, signed, owner):  # noqa: F811
    copy = (
        "INSERT INTO signed_report SELECT 'forged', exam_id, 2, kind, body, author, author_name,"
        " licence_number, reading_site, signed_at, facts, digest, previous_digest"
        " FROM signed_report"
    )
    with owner.begin() as conn:
        conn.execute(sa.text(copy))
        conn.execute(sa.text("ALTER TABLE home DISABLE TRIGGER ALL"))
        conn.execute(sa.text("UPDATE home SET nature = 'clinical'"))
    assert "unrecorded" in {f.kind for f in faults(county) if f.object == "report/forged"}


def test_a_paper_that_was_changed_or_lost_is_found(county, signed):  # noqa: F811
    with county.store.look() as conn:
        [sha256] = {h.sha256 for h in reports.deliveries(conn, signed.id)}
    path = county.blobs.path(sha256)
    path.chmod(0o640)
    path.write_bytes(path.read_bytes() + b" ")
    assert "bytes of the delivered PDF were changed" in faults(county)[0].message
    path.unlink()
    assert "missing from the blob folder" in faults(county)[0].message


def test_the_licence_on_paper_is_that_of_the_signature(county, screened):  # noqa: F811
    with county.store.change() as conn:
        sites.change(conn, make.make_site("COUNTY", signatures=2))
    exam_id = screened(make.make_film())
    seen = acts.save_draft(county, make.READER, exam_id, BODY, 0).revision
    acts.sign(county, make.READER, exam_id, seen)
    then = replace(make.REVIEWER.licence, number="THEN-7")
    done = acts.countersign(county, replace(make.REVIEWER, licence=then), exam_id)
    with county.store.look() as conn:
        page = deliveries.page_of(conn, county, reports.get(conn, done.id), "zh_CN")
    # the account says 110 to this day
    assert page.countersignature.licence_number == "THEN-7"
    assert page.signature.licence_number == "110"
    assert faults(county) == []
