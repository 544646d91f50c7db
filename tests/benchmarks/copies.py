"""How many copies of a film are found, and how often another film is called a copy.

Run ``python -m tests.benchmarks.copies`` (some minutes), and with ``rows`` for the lookup in the
database; both print tables of docs/validation/dr-copies.md. Needs the shared ``dr/nih256`` films.
Copies are made here: re-encoded, rewindowed, scaled, cropped. The archive is every other film; two
films of one patient are no copies.
"""

import io
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from PIL import Image

from tests.journeys.browser import shared_data
from workbench.editions import rule_book
from workbench.radiograph.copies import SIDE, fingerprint, likeness, shortlist
from workbench.settings import Settings
from workbench.store import copies, embedded, migrate
from workbench.store.database import address

ARCHIVE = 10_000
TAIL = 200  # likest pairs the tail is fitted to
SAME = {("00002658_001.png", "00002658_002.png")}  # one picture twice, seen by eye and bit for bit


def jpeg(grey, rng):
    out = io.BytesIO()
    Image.fromarray(np.clip(grey * 255, 0, 255).astype(np.uint8)).save(
        out, "JPEG", quality=int(rng.integers(50, 96))
    )
    return np.asarray(Image.open(out), np.float32) / 255


def window(grey, rng):
    low, high = rng.uniform(-0.1, 0.12), rng.uniform(0.85, 1.1)
    shown = np.clip((grey - low) / (high - low), 0, 1) ** rng.uniform(0.55, 1.8)
    return shown.astype(np.float32)


def crop(grey, rng, most=0.03):
    rows, columns = grey.shape
    top, bottom, left, right = (rng.uniform(0, most, 4) * (rows, rows, columns, columns)).round()
    return grey[int(top) : rows - int(bottom), int(left) : columns - int(right)]


def scaled(grey, rng):
    side = int(rng.integers(128, 400))
    picture = Image.fromarray((grey * 255).astype(np.uint8)).resize((side, side + 9))
    return np.asarray(picture, np.float32) / 255


def everything(grey, rng):
    return jpeg(window(crop(grey, rng), rng), rng)


KINDS = {
    "re-encoded (JPEG 50 to 95)": jpeg, "other window and gamma": window,
    "cropped by up to 3 % a side": crop, "scaled": scaled, "cropped, window, JPEG": everything,
}  # fmt: skip


def is_copy(known, seen, book):
    near = (known.bits ^ seen.bits).bit_count() <= book["copy.distance"].value
    if (
        not near
        or shortlist(seen.thumbnail, known.thumbnail[None])[0] < book["copy.shortlist"].value
    ):
        return False
    return likeness(known.thumbnail, seen.thumbnail) >= book["copy.likeness"].value


def main(films=300):
    book, rng = rule_book("dr-quality-2026.1"), np.random.default_rng(6)
    data = shared_data()
    if data is None:
        raise SystemExit("the folder of real files is not beside the project")
    with np.load(data / "dr" / "nih256" / "images.npz") as held:
        pictures, names = held["images"], [str(n) for n in held["names"]]
    greys = [p.astype(np.float32) / 255 for p in pictures]
    prints = [fingerprint(g) for g in greys]
    chosen = rng.choice(len(greys), films, replace=False)
    print("| copy | found | of | likeness, lowest and 1st percentile | distance, most |")
    print("|---|---|---|---|---|")
    for name, change in KINDS.items():
        made = [(prints[i], fingerprint(change(greys[i], rng))) for i in chosen]
        found = sum(is_copy(a, b, book) for a, b in made)
        like = [likeness(a.thumbnail, b.thumbnail) for a, b in made]
        far = max((a.bits ^ b.bits).bit_count() for a, b in made)
        low = f"{min(like):.2f}, {np.percentile(like, 1):.2f}"
        print(f"| {name} | {found} | {films} | {low} | {far} |")
        sys.stdout.flush()
    others(prints, names, book)


def others(prints, names, book):
    """Films that are no copies: how near, how like, and how seldom they are over the limit."""
    bits = np.array([p.bits for p in prints], np.uint64)
    thumbs = np.array([p.thumbnail for p in prints])
    patients = np.array([n[:8] for n in names])
    one, two = np.triu_indices(len(prints), 1)
    near = np.bitwise_count(bits[one] ^ bits[two]) <= book["copy.distance"].value
    same = patients[one] == patients[two]
    rows = []
    for a, b in zip(one[near], two[near], strict=True):
        if shortlist(thumbs[b], thumbs[a][None])[0] >= book["copy.shortlist"].value:
            like = likeness(thumbs[a], thumbs[b])
            rows.append((like, bool(patients[a] == patients[b]), names[a], names[b]))
    limit = book["copy.likeness"].value
    print(f"\n{len(prints)} films, pairs by patient:")
    print(
        "\n| patients | pairs | within the distance | on the short list | called a copy | likest |"
    )
    print("|---|---|---|---|---|---|")
    for said, mine, pairs in (("different", False, ~same), ("same", True, same)):
        top = sorted((r for r in rows if r[1] == mine and r[2:] not in SAME), reverse=True)
        alarms = sum(r[0] >= limit for r in top)
        likest = f"{top[0][0]:.2f}" if top else "-"
        close = int((near & pairs).sum())
        print(f"| {said} | {int(pairs.sum())} | {close} | {len(top)} | {alarms} | {likest} |")
    # the tail without the short list: how likely is a likeness over the limit at all?
    pick = np.flatnonzero(near & ~same)
    pick = np.random.default_rng(7).choice(pick, min(TAIL * 4, pick.size), replace=False)
    like = np.sort([likeness(thumbs[one[i]], thumbs[two[i]]) for i in pick])[-TAIL:]
    mean = float((like - like[0]).mean())
    per_pair = (near & ~same).sum() / (~same).sum() * like.size / pick.size
    beyond = per_pair * np.exp(-(limit - like[0]) / mean) * ARCHIVE * 1000
    print(f"\nNear pairs of different patients without the short list: highest {like[-1]:.2f},")
    print(f"falls by a factor e every {mean:.3f}; expected alarms per 1,000 films: {beyond:.2g}")


def rows(counts=(10_000, 100_000, 1_000_000)):
    """How long one lookup takes; thumbnails are whole up to 10,000 rows, else a few bytes."""
    print("| rows | thumbnails | lookup, median of 7 (ms) | near |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="workbench-copies-") as folder:
        Path(folder).chmod(0o711)
        with embedded.held(Settings(home=Path(folder) / "home")) as home:
            migrate.upgrade(home.owner_dsn)
            engine = sa.create_engine(address(home.owner_dsn))
            with engine.begin() as conn:
                for line in BARE:
                    conn.exec_driver_sql(line)
            for count in counts:
                print("|", " | ".join(looked_up(engine, count)), "|", flush=True)


BARE = (
    "ALTER TABLE film_print DROP CONSTRAINT fk_film_print_instance_id_instance",
    "INSERT INTO site (code, name, kind) VALUES ('T01', 'x', 'township')",
    """INSERT INTO patient (id, site_code, local_id, name, person_id)
       VALUES ('p', 'T01', 'P1', 'x', 'p')""",
    """INSERT INTO exam (id, site_code, kind, key, patient_id, state, priority, received_at)
       VALUES ('e', 'T01', 'DR', 'k', 'p', 'waiting', 3, now())""",
)


def looked_up(engine, count):
    """One row of the table; the hashes lie about one, so that a hundredth of them is near."""
    whole = count <= ARCHIVE
    rng, spread = np.random.default_rng(3), rng_bits(count)
    with engine.begin() as conn:
        conn.exec_driver_sql("TRUNCATE film_print")
        conn.exec_driver_sql("DELETE FROM instance")
        with (
            conn.connection.cursor() as cursor,
            cursor.copy("COPY film_print (instance_id, bits, thumbnail, at) FROM STDIN") as out,
        ):
            for number, bits in enumerate(spread):
                picture = rng.bytes(SIDE * SIDE if whole else 16)
                out.write_row((f"{number:032x}", bits, picture, "2026-11-26T00:00:00Z"))
        conn.exec_driver_sql(
            "INSERT INTO instance (id, exam_id, site_code, uid, reader, sha256, parts, source, "
            "received_at) SELECT instance_id, 'e', 'T01', instance_id, 'dr', 'a', '[]', 's', now() "
            "FROM film_print"
        )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.exec_driver_sql("VACUUM ANALYZE film_print")
        conn.exec_driver_sql("ANALYZE instance")
    took = []
    with engine.connect() as conn:
        for _ in range(7):
            began = time.perf_counter()
            found = copies.near(conn, "none", 0, 13, 5000)
            took.append(1000 * (time.perf_counter() - began))
    return str(count), "whole" if whole else "16 bytes", f"{np.median(took):.0f}", str(len(found))


def rng_bits(count):
    """Hashes of which 0.7 % have at most 13 bits set, as many as chests are near to one."""
    rng, powers = np.random.default_rng(4), 1 << np.arange(63, dtype=np.int64)
    for begin in range(0, count, 20_000):
        size = min(20_000, count - begin)
        share = np.clip(rng.normal(24, 4.5, size), 1, 62)[:, None] / 63
        yield from ((rng.random((size, 63)) < share) @ powers).tolist()


if __name__ == "__main__":
    if sys.argv[1:2] == ["rows"]:
        rows(tuple(int(n) for n in sys.argv[2:]) or (10_000, 100_000, 1_000_000))
    else:
        main(*(int(n) for n in sys.argv[1:]))
