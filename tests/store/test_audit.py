import threading
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from workbench.domain.errors import Invalid
from workbench.store import audit
from workbench.store.audit import Head

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(-(2**52), 2**52)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc键"), inner),
    max_leaves=8,
)


def fill(store, now, rows=5, chain="A01"):
    with store.change() as conn:
        for number in range(rows):
            audit.note(
                conn,
                now + timedelta(seconds=number),
                chain=chain,
                actor="li",
                act="exam.open",
                object=f"e{number}",
                detail={"原因": "复核", "score": 0.5},
            )


def tamper(owner, *statements):
    """Change the rows as somebody with all rights would."""
    with owner.begin() as conn:
        conn.execute(sa.text("ALTER TABLE audit DISABLE TRIGGER USER"))
        for statement in statements:
            conn.execute(sa.text(statement))
        conn.execute(sa.text("ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_only_grows"))


def faults(store, **kwargs):
    with store.look() as conn:
        return [(fault.chain, fault.seq, fault.kind) for fault in audit.verify(conn, **kwargs)]


def rebuild(owner, chain="A01"):
    """Hash a whole chain anew, so that it agrees with itself."""
    with owner.begin() as conn:
        conn.execute(sa.text("ALTER TABLE audit DISABLE TRIGGER USER"))
        previous = audit.GENESIS
        query = sa.select(audit.audit).where(audit.audit.c.chain == chain).order_by("seq")
        for row in conn.execute(query).mappings().all():
            digest = audit.digest_of(previous, row)
            here = (audit.audit.c.chain == chain) & (audit.audit.c.seq == row["seq"])
            change = audit.audit.update().where(here)
            conn.execute(change.values(previous=previous, hash=digest))
            previous, seq = digest, row["seq"]
        head = audit.audit_head.update().where(audit.audit_head.c.chain == chain)
        conn.execute(head.values(hash=previous, seq=seq))
        conn.execute(sa.text("ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_only_grows"))


def heads_of(store, now):
    with store.look() as conn:
        return audit.heads(conn, now)


def test_an_untouched_chain_has_no_fault(store, now):
    fill(store, now)
    fill(store, now, chain="_system")
    assert faults(store, heads=heads_of(store, now)) == []


def test_the_first_row_follows_nothing_and_the_numbers_have_no_gap(store, now):
    fill(store, now, rows=3)
    with store.look() as conn:
        rows = conn.execute(sa.select(audit.audit).order_by("seq")).all()
    assert [row.seq for row in rows] == [1, 2, 3]
    assert rows[0].previous == audit.GENESIS
    assert [row.previous for row in rows[1:]] == [row.hash for row in rows[:-1]]


def test_a_refused_act_leaves_no_row(store, now):
    fill(store, now, rows=1)
    with store.engine.connect() as conn:
        audit.note(conn, now, chain="A01", actor="li", act="exam.sign", object="e1")
        conn.rollback()
    assert [head.seq for head in heads_of(store, now)] == [1]
    assert faults(store) == []


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'wang'",
        "act = 'exam.sign'",
        "object = 'e9'",
        "at = at + interval '1 microsecond'",
        """detail = '{"score": 0.5}'""",
        """detail = jsonb_set(detail, '{score}', '0.5000001')""",
    ],
)
def test_a_changed_row_is_found(store, owner, now, change):
    fill(store, now)
    tamper(owner, f"UPDATE audit SET {change} WHERE seq = 3")  # noqa: S608 - the cases above
    assert faults(store) == [("A01", 3, "changed")]


def test_a_missing_row_is_found(store, owner, now):
    fill(store, now)
    tamper(owner, "DELETE FROM audit WHERE seq = 3")
    assert faults(store) == [("A01", 4, "gap")]


def test_a_row_hashed_anew_is_found_at_the_next_one(store, owner, now):
    fill(store, now)
    with store.look() as conn:
        row = dict(
            conn.execute(sa.select(audit.audit).where(audit.audit.c.seq == 3)).mappings().one()
        )
    digest = audit.digest_of(row["previous"], {**row, "actor": "wang"})
    change = f"actor = 'wang', hash = '{digest}'"
    tamper(owner, f"UPDATE audit SET {change} WHERE seq = 3")  # noqa: S608 - a hash of ours
    assert faults(store) == [("A01", 4, "broken")]


def test_a_cut_tail_is_found_by_the_head_beside_the_rows(store, owner, now):
    fill(store, now)
    tamper(owner, "DELETE FROM audit WHERE seq > 3")
    assert faults(store) == [("A01", 5, "cut")]


def test_a_cut_tail_with_its_head_set_back_is_found_by_the_head_kept_outside(store, owner, now):
    fill(store, now)
    kept = heads_of(store, now)
    tamper(owner, "DELETE FROM audit WHERE seq > 3")
    rebuild(owner)
    assert faults(store) == []
    assert faults(store, heads=kept) == [("A01", 5, "cut")]


def test_a_whole_rewritten_chain_is_found_by_the_head_kept_outside(store, owner, now):
    fill(store, now)
    kept = heads_of(store, now)
    tamper(owner, "UPDATE audit SET actor = 'wang' WHERE seq = 2")
    rebuild(owner)
    fill(store, now, rows=2)
    assert faults(store) == []
    assert faults(store, heads=kept) == [("A01", 5, "rewritten")]


def test_a_chain_that_is_gone_altogether_is_found(store, owner, now):
    fill(store, now)
    kept = heads_of(store, now)
    tamper(owner, "DELETE FROM audit", "DELETE FROM audit_head")
    assert faults(store, heads=kept) == [("A01", 5, "cut")]


def test_a_row_smuggled_in_at_the_end_is_found(store, now):
    fill(store, now, rows=2)
    with store.look() as conn:
        last = conn.execute(sa.select(audit.audit).where(audit.audit.c.seq == 2)).mappings().one()
    row = {**last, "seq": 3, "previous": last["hash"]}
    with store.change() as conn:
        conn.execute(
            audit.audit.insert().values(**{**row, "hash": audit.digest_of(row["previous"], row)})
        )
    assert faults(store) == [("A01", 3, "extra")]


def test_one_chain_can_be_asked_for_alone(store, owner, now):
    fill(store, now)
    fill(store, now, chain="B02")
    tamper(owner, "UPDATE audit SET actor = 'wang' WHERE seq = 3 AND chain = 'B02'")
    kept = [Head("A01", 99, "f" * 64, now)]
    assert faults(store, chain="B02", heads=kept) == [("B02", 3, "changed")]


def test_a_head_that_moves_on_while_the_chain_is_read_is_no_fault(store, now):
    fill(store, now, rows=50)
    stop = threading.Event()

    def write():
        while not stop.is_set():
            fill(store, now, rows=1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = [faults(store) for _ in range(20)]
    finally:
        stop.set()
        writer.join()
    assert seen == [[]] * 20


def test_many_writers_at_once_make_one_chain(store, now):
    problems = []

    def write(name):
        try:
            for number in range(25):
                with store.change() as conn:
                    audit.note(conn, now, chain="new", actor=name, act="x", object=str(number))
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            problems.append(error)

    threads = [threading.Thread(target=write, args=(f"w{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert faults(store) == []
    assert [head.seq for head in heads_of(store, now)] == [150]


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(detail=st.dictionaries(st.text("abc键"), values))
def test_whatever_was_noted_still_matches_its_hash_when_read_back(store, now, detail):
    with store.change() as conn:
        audit.note(conn, now, chain="p", actor="a", act="b", object="c", detail=detail)
        assert audit.verify(conn, "p") == []
        conn.rollback()


@pytest.mark.parametrize(
    "detail",
    [{"x": float("nan")}, {"x": 1e300}, {"x": "a\0b"}, {"x": "\ud800"}, {1: "x"}, {"x": {1, 2}}],
)
def test_what_would_not_come_back_the_same_is_refused(store, now, detail):
    with store.change() as conn, pytest.raises(Invalid, match="audit detail"):
        audit.note(conn, now, chain="p", actor="a", act="b", object="c", detail=detail)


def test_a_long_chain_is_read_in_batches(store, now, capsys):
    fill(store, now, rows=1)
    rows = []
    with store.look() as conn:
        last = dict(conn.execute(sa.select(audit.audit)).mappings().one())
    previous = last["hash"]
    for seq in range(2, 12_002):
        row = {**last, "seq": seq, "previous": previous}
        previous = audit.digest_of(previous, row)
        rows.append({**row, "hash": previous})
    with store.change() as conn:
        conn.execute(audit.audit.insert(), rows)
        conn.execute(audit.audit_head.update().values(seq=seq, hash=previous))
    begun = time.perf_counter()
    assert faults(store) == []
    with capsys.disabled():
        print(f" {12_001 / (time.perf_counter() - begun):.0f} audit rows/s ", end="")  # noqa: T201
