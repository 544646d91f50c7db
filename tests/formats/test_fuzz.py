"""Whatever the bytes are: our own errors or a result, in bounded time and memory."""

import random
import time
import zlib
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats import made_recordings, scp_maker
from workbench.domain.errors import BadTrace, WorkbenchError
from workbench.formats import sniff
from workbench.formats.display_copy import film_full, film_preview, trace_samples
from workbench.formats.readers.dicom_dr import DicomDr
from workbench.formats.readers.dicom_ecg import DicomEcg
from workbench.formats.readers.ecg_csv import EcgCsv
from workbench.formats.readers.ecg_picture import EcgPicture
from workbench.formats.readers.ecgdatakit_carts import Edan, Mfer, Mortara
from workbench.formats.readers.edf import Edf
from workbench.formats.readers.hl7_aecg import Hl7Aecg
from workbench.formats.readers.muse_xml import MuseXml
from workbench.formats.readers.scp_ecg import ScpEcg
from workbench.formats.readers.sierra_xml import SierraXml
from workbench.formats.readers.wfdb import Wfdb
from workbench.formats.scp_huffman import decode, tables
from workbench.formats.sierra_xli import unpack

READERS = (
    DicomDr(), DicomEcg(), EcgCsv(), EcgPicture(), Edan(), Mfer(), Mortara(), Edf(), MuseXml(),
    ScpEcg(), Hl7Aecg(), SierraXml(), Wfdb(),
)  # fmt: skip
SLOW = 5.0  # seconds for one small broken file, on a loaded machine
SEEDS = 5
J = "1.2.840.10008.1.2"
SYNTAXES = ["", ".1", ".2", ".1.99", ".5", ".4.51", ".4.57", ".4.70", ".4.80", ".4.81", ".4.90",
            ".4.91", ".4.201"]  # fmt: skip
SMALL = (
    "dr/derived/11_voilut_sequence_plus_bad_window.dcm", "dr/highdicom/dx_image.dcm",
    "dr/fo_dicom/charset/chrH32.dcm", "dr/fo_dicom/CR-MONO1-10-chest.dcm",
    "dr/torchxrayvision/Fake_MONOHR1.dcm", "dr/nema_wg04/RG3_JPLY.dcm",
    "ecg/formats/dicom/dcm_ecg_plot_sample.dcm", "ecg/formats/dicom/ecgtoolkit_Example.dcm",
    "ecg/formats/muse_xml/muse_example1.xml",
)  # fmt: skip


def survive(parts: Mapping[str, bytes]) -> None:
    """Read as intake and worker do, and show what comes out."""
    began = time.perf_counter()
    for act in (sniff.read_header, sniff.read):
        try:
            received = act(parts, readers=READERS)
        except WorkbenchError:
            continue
        if received.image is not None:
            film_preview(received.image)
            film_full(received.image)
        if received.trace is not None:
            trace_samples(received.trace)
    assert time.perf_counter() - began < SLOW


def mutants(data: bytes, seed: int):
    """Cut, flipped, zeroed, stretched and spliced copies."""
    rng = random.Random(seed)
    yield data[: rng.randrange(len(data))]
    head = min(len(data), 3000)
    flipped = bytearray(data)
    for _ in range(rng.randrange(1, 12)):
        flipped[rng.randrange(head)] = rng.randrange(256)
    yield bytes(flipped)
    flipped = bytearray(data)
    for _ in range(rng.randrange(1, 40)):
        flipped[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    yield bytes(flipped)
    at = rng.randrange(len(data))
    yield data[:at] + bytes(rng.randrange(1, 300)) + data[at + rng.randrange(300) :]
    at, to = rng.randrange(head), rng.randrange(len(data))
    yield data[:at] + data[to : to + 64] + data[at:]
    yield data[:at] + b"\xff" * 8 + data[at + 8 :]


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_broken_films_of_every_coding_never_crash_a_reader(make_film, chest, syntax):
    data = make_film(chest[:40, :40], J + syntax, WindowCenter=2048, WindowWidth=4096)
    for seed in range(SEEDS):
        for mutant in mutants(data, seed):
            survive({"film.dcm": mutant})


@pytest.mark.parametrize("name", SMALL)
def test_broken_real_files_never_crash_a_reader(shared, name):
    data = (shared / name).read_bytes()
    for seed in range(2):
        for mutant in mutants(data, seed):
            survive({name.rsplit("/", 1)[-1]: mutant})


CARTS = {
    "scp": ("scp/Example.scp", ScpEcg()),
    "aecg": ("hl7_aecg/ecgkit_hl7.xml", Hl7Aecg()),
    "sierra-1.03": ("philips_sierra_xml/sierra_1_03.xml", SierraXml()),
    "sierra-1.04": ("philips_sierra_xml/sierra_1_04.xml", SierraXml()),
}


def read_itself(reader, parts):
    """Header and all; only the errors a reader raises on purpose may come out of it."""
    began = time.perf_counter()
    for act in (reader.read_header, reader.read):
        try:
            received = act(parts)
        except WorkbenchError:
            continue
        if received.trace is not None:
            trace_samples(received.trace)
    assert time.perf_counter() - began < SLOW


@pytest.mark.parametrize("form", CARTS)
def test_a_broken_cart_file_is_refused_by_its_reader_and_not_by_accident(shared, form):
    name, reader = CARTS[form]
    data = (shared / "ecg" / "formats" / name).read_bytes()
    for seed in range(3):
        for mutant in mutants(data, seed):
            read_itself(reader, {"a": mutant})


def test_scp_records_broken_before_their_checksums_were_made_are_survived(shared):
    data = (shared / "ecg" / "formats" / "scp" / "Example.scp").read_bytes()
    for seed in range(12):
        for mutant in mutants(data, seed):
            if len(mutant) > 200:
                read_itself(ScpEcg(), {"a": scp_maker.checked(mutant)})


@given(st.dictionaries(st.integers(1, 11), st.binary(max_size=120), min_size=1))
@settings(deadline=None)
def test_any_sections_of_scp_are_survived(bodies):
    usual = {1: scp_maker.PATIENT, 3: scp_maker.leads({"I": (1, 40), "II": (3, 30)}, flags=5)}
    read_itself(ScpEcg(), {"a": scp_maker.record(usual | bodies)})


@given(st.binary(max_size=300), st.integers(1, 400), st.binary(max_size=300))
@settings(deadline=None)
def test_any_code_tables_and_bits_give_samples_or_a_named_error(section, count, data):
    for head in (b"", b"\x01\x00\x04\x00", b"\x1f\x4e"):
        try:
            assert len(decode(data, count, tables(head + section))) == count
        except BadTrace:
            continue


@given(st.binary(max_size=600))
@settings(deadline=None)
def test_any_packed_bytes_give_samples_or_a_named_error(data):
    for packed in (data, len(data).to_bytes(4, "little") + bytes(4) + data):
        try:
            [row] = unpack(packed, 1, 1000)
        except BadTrace:
            continue
        assert len(row) <= 1000


MADE = tuple(made_recordings.recordings())


@pytest.mark.parametrize("parts", MADE, ids=["+".join(parts) for parts in MADE])
def test_broken_copies_of_what_we_make_never_crash_a_reader(parts):
    for name, data in parts.items():
        for seed in range(SEEDS):
            for mutant in mutants(data, seed):
                survive({**parts, name: mutant})


def test_broken_records_never_crash_a_reader(shared):
    folder = shared / "ecg" / "ludb" / "data"
    header, data = (folder / "1.hea").read_bytes(), (folder / "1.dat").read_bytes()
    for seed in range(SEEDS):
        for mutant in mutants(header, seed):
            survive({"1.hea": mutant, "1.dat": data})
        for mutant in mutants(data, seed):
            survive({"1.hea": header, "1.dat": mutant})


@given(
    st.binary(max_size=400),
    st.sampled_from(["dicm", "bare", "xml", "aecg", "sierra", "scp", "hea", "raw"]),
)
def test_any_bytes_behind_any_beginning_are_survived(tail, kind):
    heads = {
        "dicm": b"\0" * 128 + b"DICM",
        "bare": b"\x08\x00\x05\x00CS",
        "xml": b"<?xml version='1.0'?><RestingECG>",
        "aecg": b"<AnnotatedECG><component><series><code code='RHYTHM'/>",
        "sierra": b"<restingecgdata><waveforms><parsedwaveforms dataencoding='Base64'>",
        "scp": scp_maker.record({1: scp_maker.PATIENT})[:200],
        "hea": b"r 1 500 4\nr.dat ",
        "raw": b"",
    }
    parts = {"r.hea" if kind == "hea" else "r.bin": heads[kind] + tail}
    survive(parts | ({"r.dat": tail} if kind == "hea" else {}))


def test_a_deflated_bomb_is_refused_before_it_fills_the_memory(make_film):

    data = make_film(np.zeros((8, 8), np.uint16), J + ".1.99")
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    four_megabytes = packer.compress(bytes(2**22)) + packer.flush(zlib.Z_FULL_FLUSH)
    meta_ends = 144 + int.from_bytes(data[140:144], "little")
    with pytest.raises(WorkbenchError, match="unpacks to more than"):
        sniff.read({"bomb.dcm": data[:meta_ends] + four_megabytes * 70}, readers=READERS)
