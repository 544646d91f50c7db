"""onnxruntime as this product runs it: 1.32 reports its use to its maker unless told not to.

Every module that needs onnxruntime, or a library that does, takes it from here: what is said in the
environment counts only before the first import.
"""

import importlib
import os
from functools import cache
from typing import Any, Final

SILENCE: Final = "ORT_DISABLE_TELEMETRY"


@cache
def runtime() -> Any:
    """The module onnxruntime, told to report nothing and to keep no file, once in a process."""
    os.environ[SILENCE] = "1"
    return importlib.import_module("onnxruntime")
