import pytest

from workbench.store import blob_use, schema


@pytest.fixture
def quarantined(store, now):
    def add(name, *digests):
        parts = [{"name": str(n), "sha256": each, "size": 1} for n, each in enumerate(digests)]
        row = {"id": name, "source": name, "reason": "x", "parts": parts, "sha256": name}
        with store.change() as conn:
            conn.execute(schema.quarantine.insert().values(**row, received_at=now))

    return add


def test_every_part_a_row_names_is_used_and_said_once(store, quarantined):
    quarantined("q1", "a" * 64, "b" * 64)
    quarantined("q2", "b" * 64)
    with store.look() as conn:
        assert sorted(blob_use.used(conn)) == ["a" * 64, "b" * 64]


def test_rows_without_files_use_nothing(store, quarantined):
    quarantined("q1")
    with store.look() as conn:
        assert list(blob_use.used(conn)) == []


def test_every_column_that_holds_a_digest_of_a_file_is_looked_at():
    """A new table with files is either counted here or named as not holding any."""
    holds_no_blob = {
        ("instance", "sha256"),  # of all its parts together
        ("quarantine", "sha256"),
        ("conflict", "sha256"),
    }
    columns = {
        (table.name, column.name)
        for table in schema.metadata.sorted_tables
        for column in table.columns
        if column.name in {"sha256", "parts"}
    }
    assert columns - holds_no_blob == {
        ("instance", "parts"),
        ("quarantine", "parts"),
        ("conflict", "parts"),
        ("display_copy", "sha256"),
        ("delivery", "sha256"),
        ("mark_object", "sha256"),
        ("model", "sha256"),
    }
