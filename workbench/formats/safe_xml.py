"""XML from strangers: no entities, no DTD, no network, and names in the wrong character set."""

import codecs
import math
import re
from typing import Final

from lxml import etree

from workbench.domain.errors import Unreadable
from workbench.domain.received import Parts
from workbench.formats.charset import decode, person_name, rescue

DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']+)["'][^>]*\?>""")
MOST_BYTES: Final = 64 * 2**20
LATIN: Final = ("iso8859-1", "cp1252", "ascii")


def parse_xml(data: bytes) -> etree._Element:
    """Root element of a document.

    Raises
    ------
    Unreadable
        If it is not XML, declares entities, or is larger than any ECG.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(f"the XML has {len(data)} bytes; no ECG is that large", "too_large")
    if b"<!ENTITY" in data.replace(b"\0", b""):
        raise Unreadable("the XML declares entities; such a file is refused unopened", "unsafe")
    try:
        return _parsed(data)
    except (etree.XMLSyntaxError, ValueError, LookupError) as first:
        if data.isascii():  # no other character set would read it differently
            raise Unreadable(f"the XML is damaged: {first}", "damaged") from first
        try:  # the declaration does not fit the bytes: decode them by the rescue rule
            body = DECLARED.sub(b"", data, count=1)
            return _parsed(rescue(body).text.encode("utf-8"), marked=True)
        except (etree.XMLSyntaxError, ValueError, LookupError):
            raise Unreadable(f"the XML is damaged: {first}", "damaged") from first


def only_document(parts: Parts) -> etree._Element:
    """Root of the one file of a recording, names without their namespaces."""
    return without_namespaces(parse_xml(next(iter(parts.values()), b"")))


def attribute(element: etree._Element | None, path: str, name: str) -> str:
    """An attribute of the first element at a path, or empty."""
    found = None if element is None else element.find(path)
    return "" if found is None else str(found.get(name) or "").strip()


def number(word: str | None) -> float | None:
    """A finite number; None for words such as "Failed", which stand for not measured."""
    try:
        value = float(word or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def without_namespaces(root: etree._Element) -> etree._Element:
    """The same document with plain names: makers disagree about prefixes, not about names."""
    for element in root.iter(etree.Element):
        name = str(element.tag)
        if name.startswith("{"):
            element.tag = name.rpartition("}")[2]
    return root


def _parsed(data: bytes, *, marked: bool = False) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8" if marked else None,
    )
    root = etree.fromstring(data, parser)
    if marked:
        root.set("workbench-repaired", "1")
    return root


class Text:
    """Text of an element's descendants; Latin documents holding GB bytes are repaired."""

    def __init__(self, element: etree._Element) -> None:
        self.element = element
        root = element.getroottree().getroot()
        self.repaired = root.get("workbench-repaired") == "1"
        declared = element.getroottree().docinfo.encoding or "utf-8"
        try:
            self.latin = codecs.lookup(declared).name in LATIN
        except LookupError:
            self.latin = False

    def one(self, path: str) -> str:
        """Text at a path, or empty."""
        return self._shown(self.element.findtext(path) or "")

    def person(self, path: str) -> str:
        """A person's name below a path, whole or split into its parts; or empty."""
        found = self.element.find(path)
        words = [] if found is None else [self._shown(str(word)) for word in found.itertext()]
        return person_name("^".join(words))

    def shown(self, text: str | None) -> str:
        """Any text of this document, repaired like the others."""
        return self._shown(text or "")

    def raw(self, path: str) -> bytes:
        """The bytes a text was made from, as far as the parser left them."""
        text = self.element.findtext(path) or ""
        return text.encode("latin_1" if self.latin else "utf-8", "replace")

    def statements(self, path: str) -> list[str]:
        """Diagnosis lines: statement texts joined until the flag that ends a line."""
        lines, words = [], []
        for statement in self.element.iterfind(f"{path}/DiagnosisStatement"):
            words.append(self._shown(statement.findtext("StmtText") or ""))
            flags = [flag.text or "" for flag in statement.iterfind("StmtFlag")]
            if "ENDSLINE" in flags:
                lines.append(" ".join(word for word in words if word))
                words = []
        lines.append(" ".join(word for word in words if word))
        return [line for line in lines if line]

    def _shown(self, text: str) -> str:
        text = text.strip()
        if not self.latin or text.isascii():
            return text
        try:
            found = decode(text.encode("latin_1"), ("ISO_IR 100",))
        except UnicodeEncodeError:
            return text
        self.repaired = self.repaired or found.repaired
        return found.text
