"""Numbers of a comma separated table: one column for each lead, an empty cell for a lost sample."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import BadTrace

BOM: Final = b"\xef\xbb\xbf"
MOST_VALUES: Final = 50_000_000


def table_of(data: bytes) -> tuple[list[str], NDArray[np.float64]]:
    """Names of the columns, and values of shape (samples, leads) with NaN where a cell is empty.

    Raises
    ------
    BadTrace
        If a row is longer or shorter than the first, or holds anything but numbers.
    """
    try:
        text = data.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadTrace(f"the table is not UTF-8 text: {error}") from error
    first, _, body = text.partition("\n")
    names = [name.strip().strip('"') for name in first.strip().split(",")]
    if body.count(",") > MOST_VALUES:
        raise BadTrace(f"more than {MOST_VALUES} values; send a shorter part")
    rows = []
    for number, line in enumerate(body.split("\n"), start=2):
        cells = line.rstrip("\r").split(",")
        if len(cells) != len(names):
            if not line.strip():
                continue
            raise BadTrace(f"row {number} has {len(cells)} cells; expected {len(names)}")
        try:
            rows.append(
                [float(cell) if cell and not cell.isspace() else math.nan for cell in cells]
            )
        except ValueError:
            raise BadTrace(
                f"row {number} holds {line[:60]!r}; expected numbers, or empty cells"
            ) from None
    values = np.array(rows, np.float64).reshape(-1, len(names))
    if np.isinf(values).any():
        raise BadTrace("the table holds an infinite number; leave cells of lost samples empty")
    if not len(values):
        raise BadTrace("the table holds no row of numbers under its first row")
    return names, values
