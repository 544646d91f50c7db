"""Text from bytes: the declared character set where it can be true, a visible rescue where not.

Chinese machines often write GB bytes under a Latin or missing label. Nothing here loses the raw
bytes: the caller keeps them, and every departure from the label is reported.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

ESC: Final = b"\x1b"

# PS3.3 C.12.1.1.2 defined terms that stand alone; codecs are Python's.
SINGLE: Final = {
    "ISO_IR 13": "shift_jis", "ISO_IR 101": "iso8859_2", "ISO_IR 109": "iso8859_3",
    "ISO_IR 110": "iso8859_4", "ISO_IR 126": "iso8859_7", "ISO_IR 127": "iso8859_6",
    "ISO_IR 138": "iso8859_8", "ISO_IR 144": "iso8859_5", "ISO_IR 148": "iso8859_9",
    "ISO_IR 166": "tis_620", "ISO_IR 203": "iso8859_15",
}  # fmt: skip
LATIN: Final = ("ISO_IR 100", "ISO_IR 6", "")
CHINESE: Final = ("GB18030", "GBK", "GB2312", "ISO_IR 58")
UTF8: Final = "ISO_IR 192"

# PS3.3 tables C.12-3 and C.12-4: what follows the escape, and how that stretch is decoded.
ESCAPES: Final = {
    b"(B": "ascii", b"-A": "latin_1", b"-B": "iso8859_2", b"-C": "iso8859_3", b"-D": "iso8859_4",
    b"-F": "iso8859_7", b"-G": "iso8859_6", b"-H": "iso8859_8", b"-L": "iso8859_5",
    b"-M": "iso8859_9", b"-T": "tis_620", b"-b": "iso8859_15", b")I": "shift_jis",
    b"(J": "shift_jis",
    b"$)A": "gb2312", b"$)C": "euc_kr", b"$B": "iso2022_jp", b"$(D": "iso2022_jp_2",
}  # fmt: skip
LEFTOVER: Final = re.compile("\x1b(?:[$][()]?.|[(),\\-./].)?")
DELIMITERS: Final = re.compile(rb"([\\^=\r\n\t\f])")
CJK: Final = (
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF),
    (0x3007, 0x3007), (0xB7, 0xB7), (0x2022, 0x2022), (0x3000, 0x3002), (0xFF01, 0xFF5E),
)  # fmt: skip
UPPER, LOWER = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
LATIN_WORD: Final = re.compile(f"(?:[{UPPER}]?[{LOWER}]+|[{UPPER}]+)(?:[{UPPER}][{LOWER}]+)*")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and whether the label had to be set aside or bytes were lost."""

    text: str
    repaired: bool = False
    damaged: bool = False


def terms(declared: Sequence[str]) -> tuple[str, ...]:
    """Specific Character Set values as defined terms: case, blanks and known slips evened out."""
    known = []
    for value in declared or ("",):
        term = " ".join(value.strip().upper().replace("_IR_", "_IR ").split())
        slips = {"ISO IR 192": UTF8, "UTF-8": UTF8, "UTF8": UTF8, "ISO 2022 GBK": "GBK"}
        slips |= {"ISO 2022 58": "ISO 2022 IR 58", "ISO 2022 GB18030": "GB18030"}
        term = slips.get(term, term.replace("ISO IR ", "ISO_IR "))
        known.append(term)
    return tuple(known)


def decode(raw: bytes, declared: Sequence[str] = ()) -> Decoded:
    """Text of one value; the declared set is believed only where the bytes allow it."""
    if raw.isascii() and ESC not in raw:  # nearly every value, whatever its label
        return Decoded(raw.decode("ascii"))
    labels = terms(declared)
    if ESC in raw:
        return _decode_escaped(raw, labels)
    first = labels[0].replace("ISO 2022 IR", "ISO_IR")
    if first in CHINESE:
        return _as_declared(raw, "gb18030")
    if first == UTF8:
        return _as_declared(raw, "utf-8")
    if first in SINGLE:
        return _as_declared(raw, SINGLE[first])
    return rescue(raw, latin=first == "ISO_IR 100")


def rescue(raw: bytes, *, latin: bool = False) -> Decoded:
    """Text of bytes whose label is Latin, missing or unknown.

    UTF-8 is taken only if it gives nothing but Chinese and ASCII, and at least as common
    characters as GB18030 would; some GB names also happen to be valid UTF-8.
    """
    if latin and all(_looks_latin(group) for group in re.split(rb"[=\\]", raw)):
        return Decoded(raw.decode("latin_1"))
    as_utf8, as_gb = _strict(raw, "utf-8"), _strict(raw, "gb18030")
    if as_utf8 is not None and not all(_chinese_or_ascii(c) for c in set(as_utf8)):
        as_utf8 = None
    if as_gb is not None and any(0xE000 <= ord(c) <= 0xF8FF for c in set(as_gb)):
        as_gb = as_gb if as_utf8 is None else None  # private use: no such name
    if as_utf8 is not None and (as_gb is None or _rare(as_utf8) <= _rare(as_gb)):
        return Decoded(as_utf8, repaired=True)
    if as_gb is not None:
        return Decoded(as_gb, repaired=True)
    return Decoded(raw.decode("gb18030", errors="replace"), repaired=True, damaged=True)


def _as_declared(raw: bytes, codec: str) -> Decoded:
    text = _strict(raw, codec)
    return Decoded(text) if text is not None else rescue(raw)


def _decode_escaped(raw: bytes, labels: tuple[str, ...]) -> Decoded:
    """Follow ISO 2022 escapes; a delimiter takes the reader back to the first set."""
    head, *stretches = raw.split(ESC)
    found = [decode(head, labels[:1])]
    for stretch in stretches:
        code = next((c for c in ESCAPES if stretch.startswith(c)), None)
        body = stretch if code is None else stretch[len(code) :]
        if code is not None and ESCAPES[code].startswith("iso2022"):
            # 7-bit double bytes: what looks like a delimiter may be half a character
            text, rest = _strict(ESC + stretch, ESCAPES[code]), b""
        else:
            cut = DELIMITERS.search(body)
            body, rest = (body[: cut.start()], body[cut.start() :]) if cut else (body, b"")
            text = None if code is None else _strict(body, ESCAPES[code])
        # an escape nobody knows, or bytes it does not allow
        found.append(rescue(body) if text is None else Decoded(text))
        found.append(decode(rest, labels[:1]))
    text = LEFTOVER.sub("", "".join(piece.text for piece in found))
    return Decoded(text, any(p.repaired for p in found), any(p.damaged for p in found))


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return None


def _chinese_or_ascii(char: str) -> bool:
    point = ord(char)
    return 0x20 <= point < 0x7F or char in "\r\n\t" or any(a <= point <= b for a, b in CJK)


def _rare(text: str) -> int:
    """Number of characters outside the 6,763 of GB 2312."""
    counted = Counter(text).items()  # whole documents come here too
    return sum(n for c, n in counted if c.encode("gb2312", errors="ignore") == b"")


def _looks_latin(raw: bytes) -> bool:
    """A few single accented letters inside Latin words; GB text has pairs of high bytes."""
    if raw.isascii():
        return True
    if re.search(rb"[\x80-\xff]{2}", raw):
        return False
    words = re.findall(r"[^\s\^.,'\-()]+", raw.decode("latin_1"))
    accented = sum(ord(c) > 0x7F for word in words for c in word)
    letters = sum(len(word) for word in words)
    return all(LATIN_WORD.fullmatch(w) or w.isascii() for w in words) and accented * 3 <= letters


def person_name(decoded: str) -> str:
    """How a DICOM person name is shown: the ideographic group first, carets gone."""
    groups = [g.strip() for g in decoded.split("=")]
    chosen = next(
        (g for g in groups if any(not c.isascii() and _chinese_or_ascii(c) for c in g)), ""
    )
    chosen = chosen or next((g for g in groups if g.strip("^ ")), "")
    parts = [p.strip() for p in chosen.split("^") if p.strip()]
    return "".join(parts) if any(ord(c) >= 0x3400 for c in chosen) else " ".join(parts)
