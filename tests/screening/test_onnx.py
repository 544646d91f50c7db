"""The runtime of the nets reports nothing to its maker and keeps no file of its own."""

import os
import subprocess
import sys
from pathlib import Path

import workbench

PACKAGE = Path(workbench.__file__).parent
LOOK = """
import os, sys
import numpy as np
from workbench.screening.thorax_net import look
look(np.random.default_rng(1).random((128, 128), np.float32))
open_now = [os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")]
print("\\n".join(open_now))
print("onnxruntime" in sys.modules)
"""


def test_a_look_leaves_no_file_and_opens_no_connection(tmp_path):
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", LOOK], capture_output=True, text=True, check=True,
        env={**os.environ, **home, "PYTHONPATH": str(PACKAGE.parent)},
    )  # fmt: skip
    *files, ran = done.stdout.split()
    assert ran == "True"
    assert not [name for name in files if "onnxruntime" in name or "socket" in name]
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_only_one_module_brings_the_runtime_in():
    bringing = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(
            line.startswith(("import onnxruntime", "from onnxruntime"))
            or 'import_module("onnxruntime")' in line
            for line in map(str.strip, path.read_text("utf-8").splitlines())
        )
    ]
    assert bringing == ["screening/onnx.py"]
