"""Makes `film_shutters.json`: every pixel asked by itself, in exact fractions, by another rule.

Run: python tests/golden/make_film_shutters.py (writes beside itself). The rule for polygons is the
winding number, that of the code under test the even-odd rule along rows.
"""

import json
from fractions import Fraction
from pathlib import Path

CASES = {
    "rectangle": ((9, 12), {"rectangle": [3, 10, 2, 7]}),
    "open rectangle": ((5, 6), {"rectangle": [1, 6, 1, 5]}),
    "edges beside the film": ((5, 6), {"rectangle": [0, 7, 0, 6]}),
    "circle": ((15, 15), {"circle": [8, 8, 5, 1]}),
    "circle beyond the film": ((9, 12), {"circle": [2, 11, 6, 1]}),
    "circle between pixels": ((12, 12), {"circle": [6.5, 6.5, 4.5, 1]}),
    "circle on tall pixels": ((12, 20), {"circle": [6, 10, 8, 2]}),
    "triangle": ((12, 14), {"polygon": [[2, 3], [10, 12], [11, 2]]}),
    "rhombus": ((11, 11), {"polygon": [[1, 6], [6, 11], [11, 6], [6, 1]]}),
    "hollow polygon": ((14, 16), {"polygon": [[2, 2], [2, 15], [12, 15], [5, 8], [12, 2]]}),
    "polygon with flat steps": (
        (12, 14),
        {"polygon": [[2, 2], [2, 8], [6, 8], [6, 13], [10, 13], [10, 2]]},
    ),
    "all three": (
        (16, 16),
        {
            "rectangle": [3, 14, 3, 15],
            "circle": [8, 8, 7, 1],
            "polygon": [[1, 1], [1, 16], [16, 8]],
        },
    ),
}


def in_circle(circle, row, column):
    middle, centre, radius, aspect = map(Fraction, circle)
    return ((row - middle) * aspect) ** 2 + (column - centre) ** 2 <= radius**2


def in_polygon(corners, row, column):
    turns = 0
    for (ra, ca), (rb, cb) in zip(corners, [*corners[1:], corners[0]], strict=True):
        side = (Fraction(rb) - ra) * (column - Fraction(ca)) - (Fraction(cb) - ca) * (
            row - Fraction(ra)
        )
        between = min(ra, rb) <= row <= max(ra, rb) and min(ca, cb) <= column <= max(ca, cb)
        if side == 0 and between:
            return True
        if ra <= row < rb and side < 0:
            turns += 1
        if rb <= row < ra and side > 0:
            turns -= 1
    return turns != 0


def shown(shutter, row, column):
    rectangle = shutter.get("rectangle")
    if rectangle and not (
        rectangle[0] <= column <= rectangle[1] and rectangle[2] <= row <= rectangle[3]
    ):
        return False
    if "circle" in shutter and not in_circle(shutter["circle"], row, column):
        return False
    return "polygon" not in shutter or in_polygon(shutter["polygon"], row, column)


def main():
    cases = [
        {
            "name": name, "rows": rows, "columns": columns, "shutter": shutter,
            "shown": [
                "".join("#" if shown(shutter, r, c) else "." for c in range(1, columns + 1))
                for r in range(1, rows + 1)
            ],
        }
        for name, ((rows, columns), shutter) in CASES.items()
    ]  # fmt: skip
    table = {"made_by": "tests/golden/make_film_shutters.py, pixel by pixel in exact fractions"}
    target = Path(__file__).with_name("film_shutters.json")
    target.write_text(json.dumps(table | {"cases": cases}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
