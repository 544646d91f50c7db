"""Whole recordings of formats of which no real file may be shipped: the fuzz begins from them."""

from collections.abc import Iterator, Mapping
from io import BytesIO

import numpy as np
from PIL import Image

from tests import make
from tests.formats import cart_files, edf_files
from workbench.domain.received import ArrivalHeader
from workbench.domain.trace import Trace
from workbench.formats.convert import convert
from workbench.formats.sniff import read
from workbench.formats.writers.ecg_csv import to_csv
from workbench.formats.writers.ecg_edf import to_edf


def recordings() -> Iterator[Mapping[str, bytes]]:
    """EDF, tables, carts, pictures and a long slow DICOM ECG."""
    short = Trace(millivolts=make.make_trace().millivolts[:, :1000], rate=500.0)
    rows = np.random.default_rng(6).integers(-900, 900, (3, 250)).tolist()
    two = [edf_files.signal("ECG I", rows), edf_files.signal("Resp", rows, "")]
    yield {"written.edf": to_edf(short)}
    yield {"gaps.edf": edf_files.edf(two, kind="EDF+D", onsets=["+0", "+1", "+4.5"])}
    yield {"plain.edf": edf_files.edf(two, kind="EDF")}
    yield to_csv(short, ArrivalHeader(patient_id="P7", name="张三"), "table")
    yield {"t.csv": b"I,II\n1,2\n,3\n", "t.toml": b'rate_hz = 500\nunit = "uV"\n'}
    yield {"mortara.xml": cart_files.mortara()}
    yield {"little.mwf": cart_files.mfer()}
    yield {"big.mwf": cart_files.mfer(order=">")}
    yield cart_files.edan()
    for kind in ("PNG", "JPEG", "PDF"):
        out = BytesIO()
        Image.fromarray(np.full((60, 90, 3), 200, np.uint8)).save(out, kind)
        yield {f"p.ecg.{kind.lower()}": out.getvalue()}
    slow = Trace(millivolts=short.millivolts[:3], rate=128.0, leads=("I", "II", "III"))
    yield convert(read(to_csv(slow, ArrivalHeader(), "s")), "dicom", "holter", "ab" * 32).files
