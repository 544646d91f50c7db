"""What the person at the machine types, from an empty folder to a restored backup, on one home.

The tests of this file follow one home, in order; each command is a process of its own.
"""

import json
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql
from typer.testing import CliRunner

from tests import make
from workbench.cli.main import application
from workbench.domain.actor import Account
from workbench.domain.report import ReportBody
from workbench.settings import Settings
from workbench.store import accounts as account_rows
from workbench.store import embedded, homes
from workbench.store.blobs import Blobs
from workbench.store.schema import exam
from workbench.workflow import exams as reading
from workbench.workflow import reports, screenings, sites
from workbench.workflow.console import operator
from workbench.workflow.station import Station

COMMANDS = (
    "serve", "import", "screen", "worklist", "exam show", "report export", "site add", "user add",
    "audit verify", "backup", "restore", "doctor", "simulate",
)  # fmt: skip


@pytest.fixture(scope="module")
def settings(home) -> Settings:
    return Settings(home=home, database_url="", database_owner_url="", free_floor_mb=1)


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    """A film, an ECG and something else, in one folder."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "film.dcm").write_bytes(make.make_film())
    (folder / "sub").mkdir()
    (folder / "sub" / "ecg.dcm").write_bytes(make.make_ecg_file())
    (folder / "letter.txt").write_bytes(b"Dear colleague")
    return folder


@pytest.fixture(scope="module")
def running(home, settings, first_site):
    """The home with its database kept up, as beside a running server: commands start sooner."""
    with embedded.held(settings):
        yield home


@pytest.fixture(scope="module")
def first_site(typed, home):
    """The first command ever on this home."""
    return typed(
        "site", "add", "T01", "--name", "青山镇卫生院", "--ae-title", "T01_DR",
        "--address", "127.0.0.1", "--json", home=home,
    )  # fmt: skip


def station_of(settings: Settings, store) -> Station:
    return Station(store, Blobs(settings.blobs, 1), settings)


def test_a_site_can_be_added_to_an_empty_home_which_is_left_with_no_process(
    first_site, home, settings
):
    assert first_site.code == 0, first_site.err
    assert first_site.lines == [
        {"site": "T01", "name": "青山镇卫生院", "ae_title": "T01_DR", "address": "127.0.0.1"}
    ]
    assert not embedded.running(settings), "the command left a database server behind"
    assert home.stat().st_mode & 0o066 == 0, "others can read the home"


def test_accounts_take_their_password_from_standard_input(typed, running):
    county = typed(
        "site", "add", "COUNTY", "--name", "县人民医院", "--kind", "county", home=running
    )
    assert county.code == 0, county.err
    done = typed(
        "user", "add", "reader", "--role", "reader", "--site", "COUNTY", "--licence", "110",
        "--full-name", "张智宏", "--json", home=running, text="a long enough password 7\n",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert done.lines == [{"user": "reader", "role": "reader", "site": "COUNTY"}]
    assert "password 7" not in done.out + done.err


@pytest.mark.parametrize(
    ("arguments", "text", "says"),
    [
        (("site", "add", "T01", "--name", "another"), "", "T01"),
        (("site", "add", "../x", "--name", "another"), "", "../x"),
        (("site", "add", "T09", "--name", "n", "--address", "10.0.0.1"), "", "--ae-title"),
        (
            ("user", "add", "eve", "--role", "reader", "--site", "NONE"),
            "long password 77\n",
            "NONE",
        ),
        (("user", "add", "eve", "--role", "reader", "--site", "T01"), "", "assword"),
        (("exam", "show", "nothing"), "", "nothing"),
        (("worklist",), "", "WORKBENCH_PORT"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(typed, running, arguments, text, says):
    wrong = {"WORKBENCH_PORT": "many"} if says == "WORKBENCH_PORT" else {}
    done = typed(*arguments, home=running, text=text, **wrong)
    assert done.code == 2
    assert done.out == ""
    assert says.removeprefix("WORKBENCH_").lower() in done.err.lower()


def test_what_cannot_be_done_is_said_in_chinese_where_the_terminal_is(typed, running):
    done = typed("exam", "show", "nothing", home=running, LC_ALL="zh_CN.UTF-8")
    assert (done.code, done.out) == (2, "")
    assert "检查" in done.err
    assert "No exam" not in done.err


def test_import_files_a_folder_says_what_became_of_each_and_again_changes_nothing(
    typed, running, files
):
    first = typed("import", files, "--site", "T01", "--json", home=running)
    by_name = {Path(one["file"]).name: one for one in first.lines}
    assert {n: one["filing"] for n, one in by_name.items()} == {
        "film.dcm": "filed", "ecg.dcm": "filed", "letter.txt": "held",
    }  # fmt: skip
    assert "not a known film" in by_name["letter.txt"]["reason"]
    assert first.code == 1, "something was held: a script must notice"
    assert (files / "film.dcm").is_file(), "the originals are left alone"
    again = typed("import", files / "film.dcm", "--site", "T01", "--json", home=running)
    assert (again.code, again.lines[0]["filing"]) == (0, "duplicate")
    assert again.lines[0]["exam"] == by_name["film.dcm"]["exam"]


def test_the_worklist_and_an_exam_are_printed_as_json(typed, running, settings):
    with embedded.opened(settings) as store:
        station = station_of(settings, store)
        with store.look() as conn:
            ids = [r.id for r in conn.execute(_open_exams())]
        for one in ids:
            screenings.screen_exam(station, one)
    done = typed("worklist", "--json", home=running)
    assert done.code == 0, done.err
    assert {row["kind"] for row in done.lines} == {"DR", "ECG"}
    film = next(row for row in done.lines if row["kind"] == "DR")
    assert (film["site_name"], film["patient_name"], film["local_id"]) == (
        "青山镇卫生院", "王秀兰", "P1",
    )  # fmt: skip
    shown = typed("exam", "show", film["id"], "--json", home=running)
    [all_of_it] = shown.lines
    assert set(all_of_it) == {
        "exam", "patient", "order", "files", "screenings", "alerts", "events", "reports",
    }  # fmt: skip
    assert all_of_it["patient"]["name"] == "王秀兰"
    assert len(all_of_it["files"]) == len(all_of_it["screenings"]) == 1
    assert [e["kind"] for e in all_of_it["events"]][-1] == "screened"
    person = typed("exam", "show", film["id"], home=running).out
    assert "  name: 王秀兰\n" in person
    assert "  kind: screened\n" in person
    assert "datetime" not in person
    assert "<" not in person, "no word of a programming language"


def test_a_signed_report_is_exported_as_pdf(typed, running, settings, tmp_path):
    with embedded.opened(settings) as store:
        station = station_of(settings, store)
        with store.look() as conn:
            exam_id = next(r.id for r in conn.execute(_open_exams("DR")))
        _agree_and_sign(station, exam_id)
    done = typed("report", "export", exam_id, tmp_path / "out", "--json", home=running)
    assert done.code == 0, done.err
    [one] = done.lines
    assert Path(one["file"]).read_bytes().startswith(b"%PDF")
    assert Path(one["file"]).stat().st_size == one["size"]


def test_doctor_says_what_works_as_json(typed, running):
    done = typed("doctor", "--json", home=running)
    checks = {one["name"]: one for one in done.lines}
    assert {"python", "viewers", "database", "free disk", "web port", "DICOM port"} <= set(checks)
    assert checks["database"] == {"name": "database", "ok": True, "detail": "embedded, running"}
    for reader in ("dicom_dr", "dicom_ecg", "muse_xml", "wfdb"):
        assert checks[f"reader {reader}"]["ok"]
    assert done.code == (0 if all(one["ok"] for one in checks.values()) else 1)


def test_traffic_is_never_simulated_into_a_home_for_patients(typed, running, settings):
    with embedded.opened(settings) as store, store.change() as conn:
        homes.found(conn, "clinical", station_of(settings, store).now())
    done = typed("simulate", "--exams", "10", home=running)
    assert (done.code, done.out) == (2, "")
    assert "clinical" in done.err
    assert "demonstration home only" in done.err


def test_a_backup_is_restored_into_an_empty_home_and_verifies_there(
    typed, running, settings, grounds, tmp_path
):
    done = typed("backup", tmp_path / "backups", "--json", home=running)
    assert done.code == 0, done.err
    made = Path(done.lines[0]["folder"])
    assert (made / "manifest.json").is_file()
    new = grounds() / "restored"
    brought = typed("restore", made, "--json", home=new)
    assert brought.code == 0, brought.err + brought.out
    [said] = brought.lines
    assert said["faults"] == []
    assert said["nature"] == "clinical"
    there = Settings(home=new, database_url="", free_floor_mb=1)
    with embedded.held(settings) as old, embedded.held(there) as copy:
        for table in ("exam", "instance", "signed_report", "screening", "account"):
            assert _count(copy.owner_dsn, table) == _count(old.owner_dsn, table) > 0
        assert _count(copy.owner_dsn, "audit") == said["audit_rows"] > 0
        whole = typed("audit", "verify", home=new)
        count = said["audit_rows"]
        plain = f" audit chains, {count} rows: all whole; 1 signed reports are as they were signed."
        assert (whole.code, whole.out.strip()[1:]) == (0, plain)
        chains = typed("audit", "verify", "--json", home=new).lines
        assert {"T01", "_system"} <= {one["chain"] for one in chains}
        assert sum(one["rows"] for one in chains) == count
        assert [one["faults"] for one in chains] == [[]] * len(chains)
        assert {one["heads"] for one in chains} == {0}, "no head has left this home yet"
    again = typed("restore", made, home=running)
    assert again.code == 2, "a home in use was restored over"


def test_audit_verify_finds_a_row_changed_by_the_databases_owner_and_says_where(
    typed, running, settings
):
    assert typed("audit", "verify", home=running).code == 0
    with psycopg.connect(embedded.address_of(settings).owner_dsn) as conn:
        conn.execute("ALTER TABLE audit DISABLE TRIGGER ALL")
        conn.execute("UPDATE audit SET actor = 'nobody' WHERE chain = 'T01' AND seq = 2")
        conn.execute("ALTER TABLE audit ENABLE TRIGGER ALL")
    done = typed("audit", "verify", "--json", home=running)
    assert done.code == 1
    [(chain, fault)] = [(one, fault) for one in done.lines for fault in one["faults"]]
    assert chain["chain"] == "T01"
    assert chain["rows"] >= 2
    assert (fault["chain"], fault["seq"], fault["kind"]) == ("T01", 2, "changed")


def test_audit_verify_names_the_report_the_databases_owner_rewrote(typed, running, settings):
    change = "UPDATE signed_report SET body = jsonb_set(body, '{impression}', '\"x\"') RETURNING id"
    with psycopg.connect(embedded.address_of(settings).owner_dsn) as conn:
        conn.execute("ALTER TABLE signed_report DISABLE TRIGGER ALL")
        [(key,)] = conn.execute(change).fetchall()
        conn.execute("ALTER TABLE signed_report ENABLE ALWAYS TRIGGER signed_report_only_grows")
    done = typed("audit", "verify", "--no-papers", "--json", home=running)
    assert done.code == 1
    faults = [fault for one in done.lines for fault in one["faults"]]
    assert [f["object"] for f in faults if f["object"]] == [f"report/{key}"]


def test_a_home_whose_heads_are_gone_says_so_and_a_copy_kept_elsewhere_finds_the_rewriting(
    typed, running, settings, tmp_path
):
    alone = typed("audit", "verify", home=running)
    assert "cannot be told from a true one" in alone.err
    head = {"chain": "T01", "seq": 1, "hash": "0" * 64, "at": "2026-11-22T00:00:00+00:00"}
    (tmp_path / "2026-11-22.jsonl").write_text(json.dumps(head) + "\n")
    done = typed("audit", "verify", "--json", "--heads", tmp_path, home=running)
    assert done.code == 1
    [chain] = [one for one in done.lines if one["chain"] == "T01"]
    assert chain["heads"] == 1
    assert (1, "rewritten") in {(f["seq"], f["kind"]) for f in chain["faults"]}
    assert "cannot be told" not in done.err


def test_simulate_writes_county_traffic_into_a_demonstration_home(typed, grounds):
    home = grounds() / "demo"
    there = Settings(home=home, database_url="", free_floor_mb=1)
    with embedded.opened(there) as store:
        with store.change() as conn:
            homes.found(conn, "demo", station_of(there, store).now())
        typed("site", "add", "T01", "--name", "青山镇卫生院", home=home)
        typed("site", "add", "T02", "--name", "柳河镇卫生院", home=home)
        nobody_reads = typed("simulate", "--exams", "10", home=home)
        assert (nobody_reads.code, nobody_reads.out) == (2, "")
        assert "workbench site add COUNTY" in nobody_reads.err
        typed("site", "add", "COUNTY", "--name", "县人民医院", "--kind", "county", home=home)
        done = typed("simulate", "--exams", "2000", "--json", home=home)
        assert done.code == 0, done.err
        assert done.lines[-1]["done"] == done.lines[-1]["of"] == 2000
        dsn = embedded.address_of(there).owner_dsn
        with psycopg.connect(dsn) as conn:
            kinds = conn.execute("SELECT kind, site_code, count(*) FROM exam GROUP BY 1, 2")
            found = {(kind, site): n for kind, site, n in kinds}
            waiting = conn.execute("SELECT count(*) FROM exam WHERE state = 'waiting'").fetchone()
        assert set(found) == {(k, s) for k in ("DR", "ECG") for s in ("T01", "T02")}
        assert sum(found.values()) == 2000
        rows = typed("worklist", "--json", "--limit", "5", home=home)
        assert (rows.code, len(rows.lines)) == (0, min(5, waiting[0]))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_issue_explains_itself(command):
    done = CliRunner().invoke(application(), [*command.split(), "--help"])
    assert done.exit_code == 0
    assert "Usage:" in done.output
    said = done.output.split("╭")[0].split("Usage:")[1]
    assert len(said.strip().splitlines()) > 1, "no sentence says what it is for"


def _open_exams(kind: str | None = None):
    query = sa.select(exam.c.id).where(exam.c.state != "released")
    return query if kind is None else query.where(exam.c.kind == kind)


def _count(dsn: str, table: str) -> int:
    with psycopg.connect(dsn) as conn:
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        return conn.execute(query).fetchone()[0]


def _agree_and_sign(station: Station, exam_id: str) -> None:
    """County reads for the township; a reader of it reports the exam."""
    me = operator("test")
    sites.agree(station, me, make.make_agreement())
    who = make.make_actor("reader2")
    with station.store.change() as conn:
        account_rows.add(conn, Account(actor=who, password_hash="-"), station.now())
    reading.open_case(station, who, exam_id, hold=True)
    body = ReportBody(findings="双肺野清晰。", impression="胸部正位片未见明显异常。")
    draft = reports.save_draft(station, who, exam_id, body, 0)
    reports.sign(station, who, exam_id, draft.revision)
