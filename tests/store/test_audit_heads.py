import json
from datetime import timedelta

import pytest

from workbench.store import audit, audit_heads


def note(store, now, chain):
    with store.change() as conn:
        audit.note(conn, now, chain=chain, actor="li", act="exam.open", object="e1")


def write(store, outbox, now):
    with store.look() as conn:
        return audit_heads.write_heads(conn, outbox, now)


def test_the_heads_of_a_day_are_one_line_per_chain_in_the_file_of_that_day(store, tmp_path, now):
    note(store, now, "A01")
    note(store, now, "B02")
    path = write(store, tmp_path, now)
    assert path == tmp_path / "audit-heads" / "2026-11-22.jsonl"
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [(line["chain"], line["seq"], len(line["hash"])) for line in lines] == [
        ("A01", 1, 64),
        ("B02", 1, 64),
    ]


def test_what_was_written_is_read_back_and_agrees_with_the_chains(store, tmp_path, now):
    note(store, now, "A01")
    write(store, tmp_path, now)
    note(store, now, "A01")
    write(store, tmp_path, now + timedelta(days=1))
    kept = audit_heads.read_heads(tmp_path / "audit-heads")
    assert [head.seq for head in kept] == [1, 2]
    assert kept[0].at == now
    with store.look() as conn:
        assert audit.verify(conn, heads=kept) == []


def test_writing_again_keeps_the_old_lines_and_adds_only_what_moved(store, tmp_path, now):
    note(store, now, "A01")
    note(store, now, "B02")
    first = write(store, tmp_path, now).read_text("utf-8")
    note(store, now, "B02")
    second = write(store, tmp_path, now + timedelta(hours=1)).read_text("utf-8")
    assert second.startswith(first)
    assert second.count("\n") == 3


@pytest.mark.parametrize(
    "line",
    [
        '{"chain": "A01"',
        '{"chain": "A01", "seq": 1, "hash": "xyz", "at": "2026-11-22T00:00:00+00:00"}',
        '["A01", 1]',
    ],
)
def test_a_line_that_is_no_head_is_never_passed_over(tmp_path, line):
    (tmp_path / "2026-11-22.jsonl").write_text(line + "\n", "utf-8")
    with pytest.raises(audit_heads.BadHeads, match="line 1 is not a head"):
        audit_heads.read_heads(tmp_path)


def test_a_folder_without_files_holds_no_heads(tmp_path):
    assert audit_heads.read_heads(tmp_path / "nothing") == []


def test_the_outbox_made_by_the_first_heads_is_closed_to_other_accounts(store, tmp_path, now):
    with store.change() as conn:
        audit_heads.write_heads(conn, tmp_path / "outbox", now)
    assert (tmp_path / "outbox").stat().st_mode & 0o007 == 0
