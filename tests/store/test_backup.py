import json
import shutil
from datetime import timedelta

import pytest
import sqlalchemy as sa

from workbench.settings import Settings
from workbench.store import audit, audit_heads, embedded, heartbeats, homes, migrate, schema
from workbench.store.backup import BackupFailed, backup, backups
from workbench.store.blobs import Blobs
from workbench.store.database import Store
from workbench.store.restore import restore


def fill(store, blobs, settings, now):
    """A home with something in it: rows that only grow, a blob a row names, heads outside."""
    film = blobs.put(b"film" * 1000)
    with store.change() as conn:
        homes.found(conn, "clinical", now)
        conn.execute(
            schema.quarantine.insert().values(
                id="q1",
                source="folder",
                reason="未知机构",
                parts=[{"name": "a.dcm", "sha256": film.sha256, "size": film.size}],
                sha256=film.sha256,
                received_at=now,
            )
        )
        for number in range(3):
            audit.note(conn, now, chain="A01", actor="李", act="x", object=f"e{number}")
    with store.look() as conn:
        audit_heads.write_heads(conn, settings.outbox, now)
    return film


@pytest.fixture
def filled(store, blobs, settings, now):
    film = fill(store, blobs, settings, now)
    store.close()
    return film


def new_home(ground):
    return Settings(home=ground / "restored", free_floor_mb=1)


def test_a_home_is_brought_back_whole_with_its_guards(settings, filled, ground, now):
    made = backup(settings, ground / "backups", now)
    assert (made.blobs, made.added, made.faults) == (1, 1, ())
    fresh = new_home(ground)
    report = restore(fresh, ground / "backups")
    assert report.faults == ()
    assert (report.nature, report.blobs, report.audit_rows) == ("clinical", 1, 3)
    assert report.made_at == now
    assert Blobs(fresh.blobs, 1).read(filled.sha256) == b"film" * 1000
    with embedded.held(fresh) as home:
        store = Store(home.app_dsn)
        with store.look() as conn:
            assert conn.scalar(sa.select(schema.quarantine.c.reason)) == "未知机构"
            kept = audit_heads.read_heads(fresh.outbox / "audit-heads")
            assert [head.seq for head in kept] == [3]
            assert audit.verify(conn, heads=kept) == []
        with store.change() as conn:
            audit.note(conn, now, chain="A01", actor="王", act="x", object="e4")
        with store.engine.connect() as conn, pytest.raises(sa.exc.ProgrammingError):
            conn.execute(sa.text("DELETE FROM audit"))
        store.close()


def test_the_next_backup_adds_only_what_is_new(settings, filled, blobs, ground, now):
    target = ground / "backups"
    backup(settings, target, now)
    blobs.put(b"another film")
    second = backup(settings, target, now + timedelta(days=1))
    assert (second.blobs, second.added, second.added_bytes) == (2, 1, 12)
    assert [path.name for path in backups(target)] == ["20261122T083000Z", "20261123T083000Z"]


def test_a_backup_on_the_same_disk_says_so_and_takes_no_room_for_blobs(
    settings, filled, blobs, tmp_path, now
):
    made = backup(settings, tmp_path / "backups", now)
    pooled = Blobs(tmp_path / "backups" / "blobs", 1).path(filled.sha256)
    assert made.linked
    assert pooled.samefile(blobs.path(filled.sha256))


def test_the_manifest_says_what_was_backed_up(settings, filled, ground, now):
    made = backup(settings, ground / "backups", now)
    manifest = json.loads((made.folder / "manifest.json").read_text("utf-8"))
    assert manifest["nature"] == "clinical"
    assert [(head["chain"], head["seq"]) for head in manifest["heads"]] == [("A01", 3)]
    assert set(manifest["files"]) == {
        "database.dump",
        "blobs.txt",
        "audit-heads/2026-11-22.jsonl",
    }
    assert manifest["versions"]["migration"] == migrate.newest()


def test_a_blob_damaged_in_the_home_is_named_and_not_passed_on(
    settings, filled, blobs, ground, now
):
    path = blobs.path(filled.sha256)
    path.chmod(0o640)
    path.write_bytes(b"rot")
    made = backup(settings, ground / "backups", now)
    assert len(made.faults) == 1
    assert filled.sha256 in made.faults[0]
    fresh = new_home(ground)
    report = restore(fresh, made.folder)
    assert [fault for fault in report.faults if "does not hold it" in fault] != []
    assert not embedded.running(fresh)


@pytest.mark.parametrize("name", ["database.dump", "blobs.txt", "audit-heads/2026-11-22.jsonl"])
def test_a_damaged_backup_is_refused_before_anything_is_made(settings, filled, ground, now, name):
    made = backup(settings, ground / "backups", now)
    path = made.folder / name
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(BackupFailed, match="is damaged"):
        restore(new_home(ground), made.folder)
    assert not new_home(ground).home.exists()


def test_a_blob_damaged_or_lost_in_the_pool_is_named(settings, filled, blobs, ground, now):
    other = blobs.put(b"another film")
    blobs_of = Blobs(ground / "backups" / "blobs", 1)
    backup(settings, ground / "backups", now)
    blobs_of.path(filled.sha256).unlink()
    rotten = blobs_of.path(other.sha256)
    rotten.unlink()
    rotten.write_bytes(b"rot")
    report = restore(new_home(ground), ground / "backups")
    text = "\n".join(report.faults)
    assert f"blob {filled.sha256}: missing in the pool" in text
    assert f"blob {other.sha256}: damaged in the pool" in text
    assert report.blobs == 0


def test_a_home_with_anything_in_it_is_never_restored_over(settings, filled, ground, now):
    backup(settings, ground / "backups", now)
    with pytest.raises(BackupFailed, match="not empty"):
        restore(settings, ground / "backups")
    elsewhere = settings.model_copy(update={"home": ground / "elsewhere"})
    with pytest.raises(BackupFailed, match="already holds"):
        restore(elsewhere, ground / "backups")


def test_a_backup_that_fails_leaves_no_folder_behind(settings, filled, ground, now):
    wrong = settings.model_copy(update={"database_owner_url": "postgresql://x@/y?host=/nowhere"})
    with pytest.raises(sa.exc.OperationalError):
        backup(wrong, ground / "backups", now)
    assert list((ground / "backups").iterdir()) == []


def test_a_folder_without_a_backup_is_said_to_have_none(ground):
    with pytest.raises(BackupFailed, match="no finished backup"):
        restore(new_home(ground), ground)


def test_a_tampered_row_is_found_when_the_backup_is_restored(settings, filled, owner, ground, now):
    with owner.begin() as conn:
        conn.execute(sa.text("ALTER TABLE audit DISABLE TRIGGER USER"))
        conn.execute(sa.text("UPDATE audit SET actor = '王' WHERE seq = 2"))
        conn.execute(sa.text("ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_only_grows"))
    made = backup(settings, ground / "backups", now)
    shutil.rmtree(settings.outbox)
    report = restore(new_home(ground), made.folder)
    assert report.faults == ("audit chain A01, row 2: its content does not match its hash",)


def test_a_running_home_can_be_backed_up_and_its_restored_twin_needs_no_server_of_ours(
    settings, store, blobs, ground, now
):
    fill(store, blobs, settings, now)
    with store.change() as conn:
        heartbeats.beat(conn, "worker", now)
        made = backup(settings, ground / "backups", now)  # the open change is not in it
    fresh = new_home(ground)
    report = restore(fresh, made.folder)
    assert report.faults == ()
    with embedded.opened(fresh) as restored, restored.look() as conn:
        assert heartbeats.read(conn) == {}
