"""Write nets as ONNX and see that the file says what the net says."""

from pathlib import Path

import numpy as np
import torch
from torch import nn

from workbench.screening.onnx import runtime

DIFFERENCE = 2e-3  # largest allowed between net and file, in logits


def write(net: nn.Module, side: int, path: Path, *, any_size: bool) -> None:
    """Write one net; `any_size` lets rows and columns vary beside the number of films."""
    net = net.float().eval().to(memory_format=torch.contiguous_format)
    axes = {0: "films", 2: "rows", 3: "columns"} if any_size else {0: "films"}
    example = torch.rand(2, 1, side, side, generator=torch.Generator().manual_seed(1)) - 0.5
    torch.onnx.export(
        net, (example,), path, input_names=["film"], output_names=["logits"],
        dynamic_axes={"film": axes, "logits": {0: "films"}}, dynamo=False, opset_version=17,
    )  # fmt: skip
    session = runtime().InferenceSession(path, providers=["CPUExecutionProvider"])
    [said] = session.run(None, {"film": example.numpy()})
    with torch.inference_mode():
        wanted = net(example).numpy()
    apart = float(np.abs(said - wanted).max())
    if apart > DIFFERENCE:
        raise SystemExit(f"{path.name} differs from the net by {apart:.4g}; at most {DIFFERENCE}")
