"""onnxruntime as this product runs it: 1.32 reports its use to its maker unless told not to.

Every module that needs onnxruntime, or a library that does, takes it from here: what is said in the
environment counts only before the first import.
"""

import os

SILENCE = "ORT_DISABLE_TELEMETRY"

os.environ[SILENCE] = "1"  # nothing of a hospital leaves it, and no file is kept in the home folder

import onnxruntime  # noqa: E402 - after what it reads when it is imported

__all__ = ["onnxruntime"]
