"""Greys of every shared film beside a second program's: makes the golden table and the report.

Usage: python tests/validation/compare_greys.py FOLDER, where FOLDER holds nema_wg04, derived,
fo_dicom and highdicom. Writes tests/golden/dr_greys.json (the second program's greys) and
docs/validation/dr-greys.md (every pixel of both). Needs Debian's packages dcmtk, libgdcm-tools and
libopenjp2-tools; none of them is needed to run the tests.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from pydicom import dcmread
from pydicom.encaps import generate_frames

from workbench.domain.errors import WorkbenchError
from workbench.domain.image import Image, VoiKind
from workbench.formats.display_copy import film_grey8
from workbench.formats.readers.dicom_dr import DicomDr
from workbench.radiograph.polarity import LOOKS_INVERTED, chest_polarity

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests/golden/dr_greys.json"
REPORT = ROOT / "docs/validation/dr-greys.md"
FOLDERS = ("nema_wg04", "derived", "fo_dicom", "highdicom")
MORE = ("pydicom_data/vlut_04.dcm",)  # the VOI LUT of a real machine
GRID, BLOCKS = 16, 12
J = "1.2.840.10008.1.2.4."
J2K = {J + "90", J + "91"}
JPEG = {J + "50", J + "51", J + "57", J + "70"}
JPEG_LS = {J + "80", J + "81"}
# What is done to a copy before the second program sees it, and why
PREPARED = {
    "derived/08_mono1_identity_conflict.dcm": ["-ea", "(2050,0020)"],
    "derived/15_bitsstored10_but_12bit_pixels.dcm": [
        "-m",
        "(0028,0101)=12",
        "-m",
        "(0028,0102)=11",
    ],
    "nema_wg04/RG3_JPLY.dcm": ["-m", "(0028,0101)=11", "-m", "(0028,0102)=10"],
}
SAID = {
    "derived/08_mono1_identity_conflict.dcm": """dcmtk trusts Presentation LUT Shape IDENTITY and
        does not invert; we invert MONOCHROME1 and name the conflict. Compared without the shape""",
    "derived/09_mono2_but_pixels_inverted.dcm": """both show what the label says; we name the doubt
        (`looks_inverted`)""",
    "derived/11_voilut_sequence_plus_bad_window.dcm": """both by the VOI LUT, not by the window that
        whites it out""",
    "derived/15_bitsstored10_but_12bit_pixels.dcm": """dcmtk cuts the values to the 10 stored bits,
        which folds the greys; we keep 12 bits and say so. Compared with 12 bits stored""",
    "fo_dicom/OutOfBoundsOverlay.dcm": """its overlay reaches beyond the picture; not drawn by
        either""",
    "nema_wg04/RG3_JPLY.dcm": """lossy coding made 8 pixels 1024; dcmtk cuts them to 10 bits, which
        is 0, the other end of the greys; we keep 1024 and say so. Compared with 11 bits stored""",
}


TEXT = """# Greys of films beside a second program

Made by {made}.
`python tests/validation/compare_greys.py FOLDER` makes this page and `tests/golden/dr_greys.json`.
Every pixel of each film as it is shown is compared (first VOI, the one inversion, black where the
shutter or padding is); the tests hold `film_grey8` against the kept greys of the second program.

A difference of 1 is rounding: we round a grey to the nearest, dcmtk cuts it off. Where a file gives
no window, the second program was given ours as two numbers (its own automatic windows follow other
rules): pixels and arithmetic are compared, not the choice of the window. Overlays are off (`-O`):
we do not draw them.

| film | second program | largest difference (pixels that differ) | what is to be said of it |
|---|---|---|---|
{rows}

## JPEG 2000: stored values, three programs

Our decoder is OpenJPEG inside imagecodecs. GDCM brings a build of OpenJPEG and its own handling of
DICOM; `opj_decompress` is OpenJPEG's command line, given the bare codestream. All are of one
family: no other decoder of JPEG 2000 is packaged here. Of another family are the other lossless
codings of RG2 and RG3, which give the same values (`tests/formats/test_pixels.py`).

| film | largest difference to GDCM | to opj_decompress | our stored values (sha256) |
|---|---|---|---|
{codestreams}

## Black and white exchanged (`radiograph/polarity.py`)

Limit {limit:g}; 864 frontal chest films of the NIH set at 256 x 256 that look inverted by it:

| films | called inverted |
|---|---|
{polarities}

An inverted film that is missed is shown as its file says. Other parts of the body are not asked.

## What no second program here can settle

* The edges of a shutter: dcmtk's `dcm2pnm` draws none. Reason of our choice: decision 0002.
* Colour: no film in colour is among the shared files; the tests make theirs in every coding and
  hold them against the luminance of what went in (`tests/formats/test_pixels_colour.py`).
* A VOI LUT behind a rescale with fractions is left out and said (`bad_voi_lut`).
"""


def main(folder: Path) -> None:
    table: dict[str, Any] = {}
    rows = []
    with tempfile.TemporaryDirectory() as room:
        for path in films(folder):
            name = path.relative_to(folder).as_posix()
            table[name], row = compared(name, path, Path(room))
            rows.append(row)
            sys.stderr.write(f"{row}\n")  # a line a film: the larger ones take seconds
        codestreams = [j2k_row(folder / name, name, Path(room)) for name in table if "_J2K" in name]
    made = (
        "tests/validation/compare_greys.py: dcmtk "
        f"{version('dcm2pnm')} (dcm2pnm, dcmj2pnm, dcml2pnm; JPEG 2000 unpacked by GDCM "
        f"{version('gdcmconv')}), by the options of each film"
    )
    lines = ",\n".join(f'  "{name}": {json.dumps(of)}' for name, of in table.items())
    GOLDEN.write_text(f'{{"made_by": "{made}", "files": {{\n{lines}\n}}}}\n', "utf-8")
    REPORT.write_text(report(made, rows, codestreams, polarity(folder)), "utf-8")


def films(folder: Path) -> Iterator[Path]:
    for part in FOLDERS:
        yield from sorted(p for p in (folder / part).rglob("*.dcm") if p.is_file())
    yield from (folder / name for name in MORE)


def compared(name: str, path: Path, room: Path) -> tuple[dict[str, Any], str]:
    """What the test is held against, and a line of the report."""
    try:
        image = DicomDr().read({path.name: path.read_bytes()}).image
    except WorkbenchError as error:
        said = str(error).split(":")[0].split(";")[0].split(",")[0]
        return {"refused": said}, f"| {name} | refused | {theirs_of_refused(path, room)} | {said} |"
    if image is None:
        return {"unread": True}, f"| {name} | kept unread | – | no film by its class |"
    program, options, prepared = how(name, path, image, room)
    theirs = pgm(program, options, prepared, room)
    ours = film_grey8(image).astype(int)
    off = np.abs(ours - theirs)
    grid = (np.linspace(0, n - 1, GRID).astype(int) for n in theirs.shape)
    of = {
        "program": program, "options": options, "shape": list(theirs.shape),
        "grid": theirs[np.ix_(*grid)].tolist(),
        "blocks": blocks(theirs),
    }  # fmt: skip
    note = " ".join(SAID.get(name, "").split())
    told = f"{off.max()} ({np.mean(off > 0):.0%})"
    return of, f"| {name} | {program} {' '.join(options)} | {told} | {note} |"


def blocks(grey: np.ndarray) -> list[list[float]]:
    """Means of 12 x 12 fields, so that every pixel counts."""
    rows, columns = (np.linspace(0, n, BLOCKS + 1).astype(int) for n in grey.shape)
    return [
        [round(float(grey[a:b, c:d].mean()), 2) for c, d in pairwise(columns)]
        for a, b in pairwise(rows)
    ]


def how(name: str, path: Path, image: Image, room: Path) -> tuple[str, list[str], Path]:
    """The program, its options, and the file it is given."""
    head = dcmread(path, force=True, stop_before_pixels=True).file_meta
    syntax = str(getattr(head, "TransferSyntaxUID", ""))
    program = "dcmj2pnm" if syntax in JPEG else "dcml2pnm" if syntax in JPEG_LS else "dcm2pnm"
    given = path
    if syntax in J2K:
        given = room / "raw.dcm"
        subprocess.run(["gdcmconv", "--raw", path, given], check=True, capture_output=True)
    if name in PREPARED:
        copy = room / "prepared.dcm"
        copy.write_bytes(given.read_bytes())
        command = ["dcmodify", "-nb", *PREPARED[name], copy]
        subprocess.run(command, check=True, capture_output=True)
        given = copy
    voi = image.vois[0]
    if voi.kind is VoiKind.LUT:
        return program, ["-O", "+Wl", "1"], given
    if voi.kind is VoiKind.PERCENTILE:  # LINEAR of dcmtk: one wider, half a value higher
        return program, ["-O", "+Ww", f"{voi.center + 0.5:g}", f"{voi.width + 1:g}"], given
    return program, ["-O", "+Wi", "1"], given


def pgm(program: str, options: list[str], path: Path, room: Path) -> np.ndarray:
    out = room / "out.pgm"
    out.unlink(missing_ok=True)
    subprocess.run([program, *options, "+op", path, out], check=True, capture_output=True)
    found = re.match(rb"P5\s+(?:#[^\n]*\n\s*)*(\d+)\s+(\d+)\s+255\s", out.read_bytes())
    if found is None:
        raise SystemExit(f"{program} wrote no 8-bit PGM for {path}")
    columns, rows = int(found[1]), int(found[2])
    flat = np.frombuffer(out.read_bytes(), np.uint8, rows * columns, found.end())
    return flat.reshape(rows, columns).astype(int)


def theirs_of_refused(path: Path, room: Path) -> str:
    command = ["dcm2pnm", "+op", path, room / "refused.pgm"]
    done = subprocess.run(command, capture_output=True, check=False)
    return "dcm2pnm refuses it too" if done.returncode else "dcm2pnm shows it"


def j2k_row(path: Path, name: str, room: Path) -> str:
    """Stored values of JPEG 2000 by two programs of their own."""
    head = dcmread(path)
    shape = (head.Rows, head.Columns)
    ours = stored(path)
    raw = room / "gdcm.dcm"
    subprocess.run(["gdcmconv", "--raw", path, raw], check=True, capture_output=True)
    gdcm = dcmread(raw).pixel_array.astype(int)
    frame = room / "frame.j2k"
    frame.write_bytes(next(generate_frames(head.PixelData, number_of_frames=1)))
    out = room / "frame.rawl"  # low byte first
    command = ["opj_decompress", "-i", frame, "-o", out]
    subprocess.run(command, check=True, capture_output=True)
    opj = np.frombuffer(out.read_bytes(), "<u2" if head.BitsStored > 8 else "u1").reshape(shape)
    digest = hashlib.sha256(ours.astype("<u2").tobytes()).hexdigest()[:12]
    return (
        f"| {name} | {np.abs(ours - gdcm).max()} | {np.abs(ours - opj.astype(int)).max()} | "
        f"{digest} |"
    )


def stored(path: Path) -> np.ndarray:
    image = DicomDr().read({path.name: path.read_bytes()}).image
    if image is None:
        raise SystemExit(f"{path} is no film")
    return image.values.astype(int)  # these films have no Modality LUT


def polarity(folder: Path) -> list[str]:
    """How often a chest film is called inverted, shown right, inverted, turned and upside down."""
    films = np.load(folder / "nih256/images.npz")["images"]
    ways = {
        "shown right": films,
        "inverted": 255 - films,
        "turned by 90°": np.rot90(films, axes=(1, 2)),
        "upside down": films[:, ::-1],
    }
    return [
        f"| {way} | {sum(chest_polarity(one) <= LOOKS_INVERTED for one in those)} of {len(films)} |"
        for way, those in ways.items()
    ]


def version(program: str) -> str:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"v?(\d+\.\d+\.\d+)", done.stdout + done.stderr)
    return found[1] if found else "of unknown version"


def report(made: str, rows: list[str], codestreams: list[str], polarities: list[str]) -> str:
    return TEXT.format(
        made=made, rows="\n".join(rows), codestreams="\n".join(codestreams),
        polarities="\n".join(polarities), limit=LOOKS_INVERTED,
    )  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
