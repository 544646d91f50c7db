"""Golden values of the ECG paper, counted in small squares: python tests/golden/make_ecg_paper.py.

Independent of workbench/ecg/paper.py and frontend/ecg/paper.mjs: nothing of them is imported. Every
sheet is written down as a picture of lead names; places are counted in small squares of the paper
(1 mm = 1/speed s across, 1/gain mV up) with whole numbers and fractions. It keeps the hand-made
parts of the file and replaces "full_sheets", "extra_sheets", "extra_pages", "more_points" and
"rhythm_rows".
"""

import json
from fractions import Fraction
from pathlib import Path

FILE = Path(__file__).with_name("ecg_paper.json")

# What a cardiologist sees, row by row; "-aVR" is aVR upside down.
STANDARD = {
    "3x4": "I aVR V1 V4/II aVL V2 V5/III aVF V3 V6",
    "6x2": "I V1/II V2/III V3/aVR V4/aVL V5/aVF V6",
    "12x1": "I/II/III/aVR/aVL/aVF/V1/V2/V3/V4/V5/V6",
}
CABRERA = {
    "3x4": "aVL II V1 V4/I aVF V2 V5/-aVR III V3 V6",
    "6x2": "aVL V1/I V2/-aVR V3/II V4/aVF V5/III V6",
    "12x1": "aVL/I/-aVR/II/aVF/III/V1/V2/V3/V4/V5/V6",
}
STRIPS = {"3x4+1": "/=II", "3x4+3": "/=II/=V1/=V5"}  # "=" is a strip of the whole sheet
# Leads beside the twelve, in rows of their own above the strips; "." is an empty column.
EXTRA = {
    "V4R V8 V9": {"3x4": "V4R V8 V9 .", "6x2": "V4R V8/V9 .", "12x1": "V4R/V8/V9"},
    "V3R V4R V5R V7 V8 V9": {
        "3x4": "V3R V4R V5R V7/V8 V9 . .",
        "6x2": "V3R V4R/V5R V7/V8 V9",
        "12x1": "V3R/V4R/V5R/V7/V8/V9",
    },
}
# The same on landscape A4 with 130 mm for rows: 3x4+1 has rows of at least 25 mm, so one more row
# fits; 3x4+3 and 6x2 of at least 15 mm, so two more fit; then they follow under the twelve's page.
PAGES = [
    ("3x4+1", "V4R V8 V9", "3x4/V4R V8 V9 ./=II"),
    ("3x4+1", "V3R V4R V5R V7 V8 V9", "3x4/=II|V3R V4R V5R V7/V8 V9 . ./=II"),
    ("3x4+3", "V3R V4R V5R V7 V8 V9", "3x4/V3R V4R V5R V7/V8 V9 . ./=II/=V1/=V5"),
    ("6x2", "V4R V8 V9", "6x2/V4R V8/V9 ."),
    ("6x2", "V3R V4R V5R V7 V8 V9", "6x2|V3R V4R/V5R V7/V8 V9"),
]
# Row distances at up to 10 mm/mV: (on the smallest sheet, on a sheet 150 mm high).
DISTANCE = {"3x4+1": (25, 30), "3x4+3": (15, 20), "6x2": (15, 20), "12x1": (10, 10)}
LEFT = {25: 10, 50: 15}
LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]
FIELDS = ["lead", "inverted", "row", "column", "x0", "x1", "baseline", "from", "to", "rhythm"]


def plain(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def sheet(
    layout: str, order: str, speed: int, gain: int, high: int, extra: str = ""
) -> dict[str, object]:
    kind = layout.split("+", maxsplit=1)[0]
    drawn = {"standard": STANDARD, "cabrera": CABRERA}[order][kind]
    drawn += f"/{EXTRA[extra][kind]}" if extra else ""
    rows = [row.split() for row in (drawn + STRIPS.get(layout, "")).split("/")]
    distance = DISTANCE[layout][1 if high else 0]
    if gain == 20:
        distance = max(distance, 2 * DISTANCE[layout][0])
    cells, baselines = [], []
    for r, names in enumerate(rows):
        middle = 10 + Fraction(distance) * (2 * r + 1) / 2
        whole = 5 if distance % 5 == 0 else 1
        below = middle // whole * whole
        baseline = below if middle - below < Fraction(whole, 2) else below + whole
        baselines.append(baseline)
        for c, name in enumerate(names):
            if name == ".":
                continue
            begin, end = Fraction(10 * c, len(names)), Fraction(10 * (c + 1), len(names))
            cells.append([
                name.lstrip("-="), name.startswith("-"), r, c, plain(LEFT[speed] + begin * speed),
                plain(LEFT[speed] + end * speed), plain(baseline), plain(begin), plain(end),
                name.startswith("="),
            ])  # fmt: skip
    has_pulse = [r for r in range(len(rows)) if r == 0 or distance - gain >= 4]
    squares = -(-distance * len(rows) // 5) * 5
    return {
        "layout": layout, "order": order, "speed": speed, "gain": gain, "heightMm": high,
        "width": LEFT[speed] + 10 * speed + 5, "height": max(20 + squares, high),
        "left": LEFT[speed], "rowHeight": distance,
        "pulses": [[2.5, plain(baselines[r])] for r in has_pulse], "cells": cells,
    }  # fmt: skip


def points() -> list[dict[str, object]]:
    """Samples by lead; `up` counts towards the upper edge, so an inverted lead has it negative."""
    found = []
    for order, lead, seconds, mv, speed, gain, dx, up in (
        ("cabrera", "aVR", "0.4", "0.5", 25, 10, 10, -5),
        ("cabrera", "aVR", "1", "-1", 50, 20, 50, 20),
        ("cabrera", "II", "3.5", "-0.3", 25, 10, 25, -3),
        ("cabrera", "III", "2.5", "0.2", 50, 5, 0, 1),
        ("standard", "aVR", "2.7", "-1", 25, 5, 5, -5),
        ("standard", "V6", "9.98", "0.05", 50, 20, 124, 1),
    ):
        found.append({
            "layout": "3x4+3", "order": order, "lead": lead, "seconds": float(seconds),
            "mv": float(mv), "speed": speed, "gain": gain, "dx": dx, "up": up,
        })  # fmt: skip
    return found


def rhythm_rows() -> list[dict[str, object]]:
    """Which strips stand below the twelve: wished one, else those in the order of the recording."""
    twelve, no_v = LEADS, LEADS[:6]
    return [
        {"layout": "3x4+1", "leads": twelve, "strips": ["II"]},
        {"layout": "3x4+1", "leads": twelve, "rhythm": "V1", "strips": ["V1"]},
        {"layout": "3x4+1", "leads": no_v, "rhythm": "V1", "strips": ["II"]},
        {"layout": "3x4+1", "leads": ["V5", "V1"], "strips": ["V5"]},
        {"layout": "3x4+1", "leads": [*twelve, "V7"], "rhythm": "V7", "strips": ["V7"]},
        {"layout": "3x4+3", "leads": twelve, "strips": ["II", "V1", "V5"]},
        {"layout": "3x4+3", "leads": no_v, "strips": ["II", "I", "III"]},
        {"layout": "3x4+3", "leads": ["I", "III", "V1", "V2"], "strips": ["I", "V1", "III"]},
        {"layout": "3x4+3", "leads": ["V5", "V1"], "strips": ["V1", "V5"]},
        {"layout": "3x4+3", "leads": ["I"], "strips": ["I"]},
    ]


def main() -> None:
    golden = json.loads(FILE.read_text(encoding="utf-8"))
    golden["full_sheets_made_by"] = (
        "python tests/golden/make_ecg_paper.py (counts small squares of the paper; imports nothing "
        "of the program). 10 s, 12 leads. cells are rows of `fields`; lead is its name in the "
        "recording, an inverted one is drawn upside down and named with a minus sign U+2212. A "
        "strip that was not recorded is replaced by the first lead of the recording that is not "
        "among the strips; +1 takes the lead that is wished (rhythm), else II"
    )
    golden["fields"] = FIELDS
    golden["full_sheets"] = [
        sheet(layout, order, speed, gain, high)
        for layout in DISTANCE
        for order in ("standard", "cabrera")
        for speed in (25, 50)
        for gain in (5, 10, 20)
        for high in ((0, 150) if speed == 25 else (0,))
    ]
    golden["extra_sheets"] = [
        {**sheet(layout, order, speed, 10, 0, extra), "leads": [*LEADS, *extra.split()]}
        for layout in DISTANCE
        for extra in EXTRA
        for order, speed in (("standard", 25), ("cabrera", 50))
    ]
    golden["extra_pages"] = [
        {
            "layout": layout, "leads": [*LEADS, *extra.split()],
            "pages": [page.replace(layout[:3], STANDARD[layout[:3]]).replace("=", "").split("/")
                      for page in drawn.split("|")],
        }
        for layout, extra, drawn in PAGES
    ]  # fmt: skip
    golden["more_points"] = points()
    golden["rhythm_rows"] = rhythm_rows()
    lines = []
    for key, value in golden.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ",\n".join("  " + json.dumps(v, ensure_ascii=False) for v in value)
            lines.append(f" {json.dumps(key)}: [\n{rows}\n ]")
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


main()
