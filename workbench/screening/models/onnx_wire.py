"""What an ONNX file refers to, read from its bytes before anything runs it.

Only the protobuf wire format and the field numbers of onnx.proto3 (ONNX 1.x) are needed: which
operator sets it wants, and whether any tensor lies in another file. A net that reads other files
could read any file of the machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from workbench.domain.errors import WorkbenchError

OWN_DOMAINS: Final = frozenset({"", "ai.onnx", "ai.onnx.ml"})
DEEPEST: Final = 12  # graphs inside graphs
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
LONGEST_VARINT: Final = 10  # bytes
_EXTERNAL = 1

# Fields that lead to other messages, by message (onnx.proto3).
_LEADS: Final[dict[str, dict[int, str]]] = {
    "model": {7: "graph", 8: "opset", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "function": {7: "node", 9: "opset", 11: "attribute"},
    "tensor": {},
    "opset": {},
}
_TENSOR_EXTERNAL, _TENSOR_LOCATION = 13, 14
_OPSET_DOMAIN, _OPSET_VERSION = 1, 2
_NODE_DOMAIN = 7


class BadNet(WorkbenchError):
    """A net that is not run here, and why."""


@dataclass(frozen=True, slots=True)
class NetFacts:
    """Operator sets a net asks for, by domain."""

    opsets: dict[str, int]


def facts_of(data: bytes) -> NetFacts:
    """Read what a net asks for; raises BadNet for other files, foreign operators, broken bytes."""
    opsets: dict[str, int] = {}
    _walk(memoryview(data), "model", 0, opsets)
    if not opsets:
        raise BadNet("the file names no operator set; it is no ONNX net")
    foreign = sorted(set(opsets) - OWN_DOMAINS)
    if foreign:
        raise BadNet(f"the net asks for operators of {', '.join(foreign)}; only ONNX's own are run")
    return NetFacts(opsets)


def _walk(data: memoryview, message: str, depth: int, opsets: dict[str, int]) -> None:
    if depth > DEEPEST:
        raise BadNet(f"graphs lie deeper than {DEEPEST} in each other")
    leads = _LEADS[message]
    domain, version = "", 0
    for field, value in _fields(data):
        if message == "tensor" and (
            field == _TENSOR_EXTERNAL or (field == _TENSOR_LOCATION and value == _EXTERNAL)
        ):
            raise BadNet("a tensor lies in another file; export the net as one file")
        if message == "opset" and field == _OPSET_DOMAIN:
            domain = _word(value)
        elif message == "opset" and field == _OPSET_VERSION and isinstance(value, int):
            version = value
        elif message == "node" and field == _NODE_DOMAIN and _word(value) not in OWN_DOMAINS:
            raise BadNet(f"an operator of {_word(value)!r:.60}; only ONNX's own are run")
        inner = leads.get(field)
        if inner is not None:
            if not isinstance(value, memoryview):
                raise BadNet("the file is no ONNX net")
            _walk(value, inner, depth + (inner == "graph"), opsets)
    if message == "opset":
        opsets[domain] = max(version, opsets.get(domain, 0))


def _word(value: int | memoryview) -> str:
    if isinstance(value, int):
        raise BadNet("the file is no ONNX net")
    return bytes(value).decode("utf-8", "replace")


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        field, wire = key >> 3, key & 7
        if wire == VARINT:
            value, at = _varint(data, at)
            yield field, value
            continue
        if wire == BYTES:
            size, at = _varint(data, at)
        elif wire in (FIXED64, FIXED32):
            size = 8 if wire == FIXED64 else 4
        else:
            raise BadNet("the file is no ONNX net")
        if at + size > len(data):
            raise BadNet("the file ends in the middle; copy it again")
        yield field, data[at : at + size]
        at += size


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for number in range(LONGEST_VARINT):
        if at >= len(data):
            raise BadNet("the file ends in the middle; copy it again")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << (7 * number)
        if byte < 0x80:
            return value, at
    raise BadNet("the file is no ONNX net")
