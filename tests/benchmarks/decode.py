"""Decoding a film of 3000 x 3000 in 12 bits, beside other programs on the same file.

Ours is opening the file's bytes and `pixels.decode` in a running process, as the worker does it;
the other programs are whole commands, which also start and write what they decoded. The film is a
phantom with grain: a smooth one would decode faster.
"""

import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import JPEG2000Lossless, JPEGLosslessSV1, JPEGLSLossless

from tests.benchmarks.film_set import exposed, phantom, write
from workbench.formats import dicom_file, pixels
from workbench.formats.elements import Elements

EACH = 9
BITS = 12
LIMITS_S = {JPEGLSLossless: 0.4, JPEGLosslessSV1: 0.2, JPEG2000Lossless: 2.0}
NAMES = {JPEGLSLossless: "JPEG-LS", JPEGLosslessSV1: "JPEG lossless", JPEG2000Lossless: "JPEG 2000"}
# {file} and {frame} are what is decoded, {out} is written; .rawl is plain little-endian pixels
PEERS: dict[str, dict[str, list[str]]] = {
    JPEGLSLossless: {
        "dcmtk dcmdjpls": ["dcmdjpls", "{file}", "{out}"],
        "GDCM gdcmconv": ["gdcmconv", "--raw", "{file}", "{out}"],
    },
    JPEGLosslessSV1: {
        "dcmtk dcmdjpeg": ["dcmdjpeg", "{file}", "{out}"],
        "GDCM gdcmconv": ["gdcmconv", "--raw", "{file}", "{out}"],
    },
    JPEG2000Lossless: {
        "OpenJPEG opj_decompress": [
            "opj_decompress",
            "-quiet",
            "-i",
            "{frame}",
            "-o",
            "{out}.rawl",
        ],
        "GDCM gdcmconv": ["gdcmconv", "--raw", "{file}", "{out}"],
    },
}


def run() -> Iterator[dict[str, Any]]:
    """Seconds for every compression, ours and each program that is here."""
    truth = exposed(phantom(0), 1, BITS)
    with tempfile.TemporaryDirectory(prefix="workbench-decode-") as folder:
        plain = write(truth, 1, BITS, Path(folder))
        for syntax, limit in LIMITS_S.items():
            path = _compressed(plain, syntax)
            if path is None:
                yield {"figure": f"decode {NAMES[syntax]}", "skipped": "dcmcjpeg is not installed"}
                continue
            ours = _ours(path, truth)
            yield {
                "figure": f"decode {NAMES[syntax]}", "limit_s": limit, "who": "workbench",
                "mb": round(path.stat().st_size / 1e6, 1), **ours,
            }  # fmt: skip
            for name, command in PEERS[syntax].items():
                if shutil.which(command[0]):
                    yield {
                        "figure": f"decode {NAMES[syntax]}", "who": name,
                        **_peer(command, path, truth),
                    }  # fmt: skip


def _compressed(plain: Path, syntax: str) -> Path | None:
    path = plain.with_name(f"{syntax}.dcm")
    if syntax == JPEGLosslessSV1:  # nothing in our lock writes it
        if not shutil.which("dcmcjpeg"):
            return None
        subprocess.run(["dcmcjpeg", "+e1", plain, path], check=True, capture_output=True)
    else:
        dataset = dcmread(plain)
        if syntax == JPEGLSLossless:
            dataset.compress(syntax, generate_instance_uid=False)
        else:
            coded = imagecodecs.jpeg2k_encode(
                dataset.pixel_array, codecformat="j2k", reversible=True, bitspersample=BITS
            )
            dataset.PixelData = encapsulate([coded])
            dataset["PixelData"].is_undefined_length = True
            dataset.file_meta.TransferSyntaxUID = syntax
        dataset.save_as(path)
    frame = next(generate_frames(dcmread(path).PixelData, number_of_frames=1))
    path.with_suffix(".j2k").write_bytes(frame)
    return path


def _ours(path: Path, truth: NDArray[np.uint16]) -> dict[str, Any]:
    data = path.read_bytes()

    def decode() -> NDArray[Any]:
        opened = dicom_file.open_file(data, pixels=True)
        return pixels.decode(Elements(opened.dataset), opened.syntax).values

    if not np.array_equal(decode(), truth):  # also the first, which loads the library
        raise RuntimeError(f"{path.name} is not decoded to what was compressed")
    took = []
    for _ in range(EACH):
        wall, cpu = time.perf_counter(), time.process_time()
        decode()
        took.append((time.perf_counter() - wall, time.process_time() - cpu))
    return _spread(took)


def _peer(command: list[str], path: Path, truth: NDArray[np.uint16]) -> dict[str, Any]:
    out = path.with_suffix(".out")
    names = {"file": path, "frame": path.with_suffix(".j2k"), "out": out}
    filled = [word.format(**names) for word in command]
    took = []
    for _ in range(EACH):
        wall, cpu = time.perf_counter(), _children_s()
        subprocess.run(filled, check=True, capture_output=True)
        took.append((time.perf_counter() - wall, _children_s() - cpu))
    raw = Path(f"{out}.rawl")
    data = raw.read_bytes() if raw.exists() else dcmread(out).PixelData
    raw.unlink(missing_ok=True)
    same = np.array_equal(np.frombuffer(data, "<u2").reshape(truth.shape), truth)
    return {**_spread(took), "same_pixels": bool(same)}


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _spread(took: list[tuple[float, float]]) -> dict[str, Any]:
    walls, cpus = zip(*took, strict=True)
    return {
        "median_s": round(statistics.median(walls), 3),
        "worst_s": round(max(walls), 3),
        "cpu_s": round(statistics.median(cpus), 3),
        "n": len(took),
    }
