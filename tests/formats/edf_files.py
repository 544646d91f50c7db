"""EDF files made by hand, field by field, for tests of the reader (not by our writer)."""

import struct


def signal(label, samples, unit="uV", physical=("-3276.8", "3276.7"), digital=("-32768", "32767")):
    return {"label": label, "rows": samples, "unit": unit, "physical": physical, "digital": digital}


def edf(
    signals,
    *,
    kind="EDF+C",
    seconds="1",
    onsets=None,
    patient="P7 F 02-AUG-1951 Zhang_San",
    recording="Startdate 02-MAR-2026 X X Cart",
    date="02.03.26",
    time="08.15.30",
    records=None,
):
    """Every signal is a list of records; with onsets an annotation signal tells their times."""
    count = len(signals[0]["rows"]) if signals else len(onsets or ())
    held = list(signals)
    if onsets is not None:
        tals = [f"{onset}\x14\x14\0".encode().ljust(30, b"\0") for onset in onsets]
        rows = [list(struct.unpack("<15h", t)) for t in tals]
        held.append(signal("EDF Annotations", rows, "", ("-1", "1")))
    fixed = [("0", 8), (patient, 80), (recording, 80), (date, 8), (time, 8),
             (str(256 * (len(held) + 1)), 8), (kind if kind != "EDF" else "", 44),
             (str(count if records is None else records), 8), (seconds, 8),
             (str(len(held)), 4)]  # fmt: skip
    columns = [("label", 16), ("", 80), ("unit", 8), ("low", 8), ("high", 8), ("first", 8),
               ("last", 8), ("", 80), ("each", 8), ("", 32)]  # fmt: skip
    head = b"".join(text.encode("latin_1").ljust(width) for text, width in fixed)
    for key, width in columns:
        for one in held:
            values = {
                "label": one["label"], "unit": one["unit"], "low": one["physical"][0],
                "high": one["physical"][1], "first": one["digital"][0], "last": one["digital"][1],
                "each": str(len(one["rows"][0])), "": "",
            }  # fmt: skip
            head += values[key].encode("latin_1").ljust(width)
    body = b"".join(
        struct.pack(f"<{len(one['rows'][n])}h", *one["rows"][n])
        for n in range(count)
        for one in held
    )
    return head + body
