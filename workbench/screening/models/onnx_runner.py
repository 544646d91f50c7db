"""Nets in ONNX's form, run by onnxruntime on the processor: one file, ONNX's own operators."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.model_card import Activation, ModelCard
from workbench.screening.models.onnx_wire import BadNet, facts_of
from workbench.screening.onnx import runtime

THREADS: Final = 2
QUIET: Final = 3  # errors only: onnxruntime would write its warnings into our log
LARGEST: Final = 80.0  # beyond it exp overflows in float32
Batch = NDArray[np.float32]


class OnnxRunner:
    """The runner `onnx`."""

    name = "onnxruntime"

    def version(self) -> str:
        """Of onnxruntime."""
        return str(runtime().__version__)

    def load(self, data: bytes, card: ModelCard) -> "OnnxNet":
        """Check what the bytes ask for, load them, and run them once on an empty film."""
        facts_of(data)
        net = OnnxNet(data, card)
        given = card.given
        empty = np.full((1, given.channels, given.rows, given.columns), given.low, np.float32)
        outputs = net.scores(empty).shape[1]
        last = max(one.index for one in card.classes)
        if last >= outputs:
            raise BadNet(f"the net gives {outputs} numbers; the card names class {last}")
        return net


class OnnxNet:
    """One loaded net; the same batch gives the same numbers."""

    def __init__(self, data: bytes, card: ModelCard) -> None:
        options = runtime().SessionOptions()
        options.intra_op_num_threads = THREADS
        options.inter_op_num_threads = 1
        options.log_severity_level = QUIET
        options.use_deterministic_compute = True
        try:
            self._session = runtime().InferenceSession(
                data, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise BadNet(f"onnxruntime does not load it: {error!s:.300}") from error
        self._activation = card.activation
        self._checked(card)

    def _checked(self, card: ModelCard) -> None:
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        if len(inputs) != 1 or inputs[0].type != "tensor(float)":
            said = ", ".join(f"{one.name} {one.type}" for one in inputs)
            raise BadNet(f"the net wants {said}; one input of float numbers is run here")
        given = card.given
        wanted = (None, given.channels, given.rows, given.columns)
        has = inputs[0].shape
        fits = len(has) == len(wanted) and all(
            not isinstance(h, int) or w is None or h == w for h, w in zip(has, wanted, strict=True)
        )
        if not fits or (isinstance(has[0], int) and has[0] != 1):
            raise BadNet(
                f"the net wants shape {has}; the card says {wanted[1:]}, films 1 by 1 or n"
            )
        self._one_by_one = isinstance(has[0], int)
        self._input, self._output = inputs[0].name, outputs[0].name

    def scores(self, batch: Batch) -> Batch:
        """Shape (n, channels, rows, columns) to (n, outputs)."""
        parts = np.split(batch, len(batch)) if self._one_by_one else [batch]
        try:
            said = [self._session.run([self._output], {self._input: one})[0] for one in parts]
        except Exception as error:
            raise BadNet(f"the net breaks on a film: {error!s:.300}") from error
        whole = np.concatenate([np.asarray(one, np.float32) for one in said])
        flat = whole.reshape(len(batch), -1)
        if not np.isfinite(flat).all():
            raise BadNet("the net gives numbers that are none (NaN or infinite)")
        if self._activation is Activation.SIGMOID:
            kept = np.clip(flat, -LARGEST, LARGEST)
            flat = np.asarray(1.0 / (1.0 + np.exp(-kept)), np.float32)
        return flat
