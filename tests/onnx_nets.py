"""Small real ONNX nets, written byte by byte: no library makes them, onnxruntime runs them.

Field numbers are those of onnx.proto3. The disc net answers to a bright disc on darker ground: one
convolution with a disc and a ring around it, and the largest answer of the whole film.
"""

import hashlib
from pathlib import Path

import numpy as np

OPSET = 17
SIDE = 64
RADIUS = 5
FLOAT, INT64 = 1, 7


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def number(field, value):
    return varint(field << 3) + varint(value)


def block(field, data):
    data = data.encode() if isinstance(data, str) else data
    return varint(field << 3 | 2) + varint(len(data)) + data


def tensor(name, values, *, outside=""):
    values = np.ascontiguousarray(values, np.float32)
    head = b"".join(number(1, n) for n in values.shape) + number(2, FLOAT) + block(8, name)
    if outside:
        entry = block(1, "location") + block(2, outside)
        return head + block(13, entry) + number(14, 1)
    return head + block(9, values.tobytes())


def attribute(name, value):
    if isinstance(value, tuple):
        return block(1, name) + b"".join(number(8, n) for n in value) + number(20, 7)
    return block(1, name) + number(3, value) + number(20, 2)


def node(kind, inputs, output, domain="", **attributes):
    said = b"".join(block(1, i) for i in inputs) + block(2, output) + block(4, kind)
    said += b"".join(block(5, attribute(k, v)) for k, v in attributes.items())
    return said + (block(7, domain) if domain else b"")


def value(name, *shape):
    dims = b"".join(block(1, block(2, d) if isinstance(d, str) else number(1, d)) for d in shape)
    return block(1, name) + block(2, block(1, number(1, FLOAT) + block(2, dims)))


def model(nodes, weights, given, gives, domains=("",)):
    graph = b"".join(block(1, n) for n in nodes) + block(2, "g")
    graph += b"".join(block(5, w) for w in weights)
    graph += block(11, given) + block(12, gives)
    sets = b"".join(block(8, (block(1, d) if d else b"") + number(2, OPSET)) for d in domains)
    return number(1, 8) + block(7, graph) + sets


def disc_kernel(radius=RADIUS):
    """A disc with as much weight as the ring around it has, so that even grey answers 0."""
    reach = 2 * radius
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    far = np.hypot(x, y)
    inside, ring = far <= radius, (far > radius) & (far <= reach)
    return (inside / inside.sum() - ring / ring.sum())[None, None].astype(np.float32)


def disc_net(*, outside="", domain="", side=SIDE, gain=1.0):
    reach = 2 * RADIUS
    nodes = [
        node("Conv", ["film", "disc"], "answers", pads=(reach,) * 4),
        node("GlobalMaxPool", ["answers"], "peak", domain=domain),
        node("Flatten", ["peak"], "scores", axis=1),
    ]
    weights = [tensor("disc", disc_kernel() * gain, outside=outside)]
    domains = ("", domain) if domain else ("",)
    given, gives = value("film", "n", 1, side, side), value("scores", "n", 1)
    return model(nodes, weights, given, gives, domains)


MANIFEST = """
schema = 1
name = "{name}"
version = "{version}"
runner = "onnx"
file = "model.onnx"
sha256 = "{sha256}"
modality = "DR"
role = "decision_support"
licence = "Apache-2.0"
regulatory_class = "not registered"
intended_use = "a test"
trained_on = "nothing"

[input]
rows = {side}
columns = {side}
channels = 1
fit = "pad"
low = 0.0
high = 1.0

[output]
activation = "none"

[[class]]
index = 0
name = "disc"
finding = "{finding}"

[[class.point]]
threshold = {threshold}
sensitivity = 0.9
specificity = 0.95
positives = 40
negatives = 60
data_set = "drawn discs"
date = 2026-11-26
{more}
"""


def manifest(net, **given):
    facts = {
        "name": "disc", "version": "1", "sha256": hashlib.sha256(net).hexdigest(), "side": SIDE,
        "finding": "DR101", "threshold": 0.2, "more": "", **given,
    }  # fmt: skip
    return MANIFEST.format(**facts)


def package(folder: Path, net=None, text=None, **given) -> Path:
    """A package as a folder."""
    net = disc_net() if net is None else net
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(net)
    (folder / "model.toml").write_text(text or manifest(net, **given), "utf-8")
    return folder


def film(*discs, side=256, ground=0.3, bright=0.9, radius=None):
    """Grey 0 to 1 with bright discs at (x, y), given as shares of the side."""
    grey = np.full((side, side), ground, np.float32)
    y, x = np.mgrid[:side, :side]
    for across, down in discs:
        near = np.hypot(x - across * side, y - down * side) <= (radius or RADIUS * side / SIDE)
        grey[near] = bright
    return grey
