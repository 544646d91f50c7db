"""A model package as it is brought: a folder or a ZIP, opened as if somebody meant harm."""

import hashlib
import stat
import tomllib
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workbench.domain.errors import WorkbenchError
from workbench.domain.model_card import ModelCard, read_card

MANIFEST: Final = "model.toml"
LARGEST_NET: Final = 512 * 2**20  # bytes; DenseNet-121 has 28 million
LARGEST_TEXT: Final = 2**20
MOST_FILES: Final = 16
TEXTS: Final = (".toml", ".txt", ".md")
PIECE: Final = 1 << 20


class BadPackage(WorkbenchError):
    """A package that is not taken, and why."""


@dataclass(frozen=True, slots=True)
class ModelPackage:
    """What was brought: the checked manifest, its text, and the net's bytes."""

    card: ModelCard
    manifest: str
    net: bytes


def read_package(path: Path) -> ModelPackage:
    """Read a folder or ZIP; raises BadPackage or BadCard, and nothing of it is written anywhere."""
    files = _folder(path) if path.is_dir() else _zip(path)
    if MANIFEST not in files:
        raise BadPackage(
            f"there is no {MANIFEST} in it; found {', '.join(sorted(files)) or 'nothing'}"
        )
    try:
        text = files[MANIFEST].decode("utf-8")
        data = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadPackage(f"{MANIFEST} cannot be read: {error}") from error
    card = read_card(data)
    net = files.get(card.file)
    if net is None:
        raise BadPackage(f"{card.file}, which {MANIFEST} names, is not in the package")
    digest = hashlib.sha256(net).hexdigest()
    if digest != card.sha256:
        raise BadPackage(f"{card.file} has sha256 {digest}, {MANIFEST} says {card.sha256}")
    return ModelPackage(card, text, net)


def _largest(name: str) -> int:
    if name.endswith(".onnx"):
        return LARGEST_NET
    if name.endswith(TEXTS) or name in ("LICENSE", "LICENCE", "NOTICE"):
        return LARGEST_TEXT
    raise BadPackage(
        f"{name!r:.80} does not belong in a package (.onnx, .toml, .md, .txt, LICENSE)"
    )


def _folder(path: Path) -> Mapping[str, bytes]:
    found = sorted(path.iterdir())
    if len(found) > MOST_FILES:
        raise BadPackage(f"{len(found)} files; a package has at most {MOST_FILES}")
    files = {}
    for one in found:
        if not stat.S_ISREG(one.lstat().st_mode):
            raise BadPackage(f"{one.name!r:.80} is no plain file")
        if one.stat().st_size > _largest(one.name):
            raise BadPackage(f"{one.name} has {one.stat().st_size} bytes; too many")
        files[one.name] = one.read_bytes()
    return files


def _zip(path: Path) -> Mapping[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            rows = archive.infolist()
            if len(rows) > MOST_FILES:
                raise BadPackage(f"{len(rows)} files; a package has at most {MOST_FILES}")
            files: dict[str, bytes] = {}
            for row in rows:
                name = row.filename
                if row.is_dir() or "/" in name or "\\" in name or name.startswith("."):
                    raise BadPackage(f"{name!r:.80}: files lie beside each other, in no folder")
                if stat.S_IFMT(row.external_attr >> 16) not in (0, stat.S_IFREG):
                    raise BadPackage(f"{name!r:.80} is no plain file")
                if name in files:
                    raise BadPackage(f"{name!r:.80} stands twice in the archive")
                files[name] = _unpacked(archive, row, _largest(name))
            return files
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise BadPackage(f"the archive cannot be opened: {error}") from error


def _unpacked(archive: zipfile.ZipFile, row: zipfile.ZipInfo, largest: int) -> bytes:
    """What the archive says of sizes is not believed: it is counted while unpacking."""
    whole = bytearray()
    with archive.open(row) as source:
        while piece := source.read(PIECE):
            whole += piece
            if len(whole) > largest:
                raise BadPackage(f"{row.filename} unpacks to more than {largest} bytes")
    return bytes(whole)
