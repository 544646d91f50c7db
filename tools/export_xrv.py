"""Write a model package of torchxrayvision's DenseNet weights.

Run by `workbench model export-xrv` with a Python that has torch, torchxrayvision and onnx; needs
nothing of the workbench. Weights are taken from the folder in which torchxrayvision keeps them;
nothing is fetched.
"""

import argparse
import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

MISSING = 3  # exit code: a library is not installed
ABSENT = 4  # exit code: the weights are not here
SIDE = 224
OPSET = 17
SEED = 20261126
KEPT: list = []  # declarations live as long as their library object
# Classes of torchxrayvision and our finding codes; the others are scores without a statement here.
# Theirs say nothing of how much: the code of the lesser degree is taken.
FINDINGS = {
    "Pneumothorax": "DR101", "Effusion": "DR102", "Consolidation": "DR103", "Mass": "DR107",
    "Fracture": "DR109", "Edema": "DR114", "Nodule": "DR201", "Pneumonia": "DR203",
    "Atelectasis": "DR204", "Emphysema": "DR205", "Fibrosis": "DR207",
    "Pleural_Thickening": "DR211", "Cardiomegaly": "DR212", "Hernia": "DR216",
}  # fmt: skip
LICENCE = """torchxrayvision is under the Apache License 2.0. Its authors trained on public
collections (NIH ChestX-ray14, PadChest, CheXpert, MIMIC-CXR, RSNA and others) whose own terms
hold for some uses, commercial ones among them: read them before these weights see patients.
"""


def main() -> int:
    """Parse, export, print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--weights", default="densenet121-res224-all")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".torchxrayvision/models_data")
    asked = parser.parse_args()
    try:
        torch, xrv = libraries()
        import onnx  # noqa: F401, PLC0415 - torch's exporter needs it
    except ImportError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    random = asked.weights == "random"
    if not random:
        known = sorted(k for k in xrv.models.model_urls if k.startswith("densenet"))
        if asked.weights not in known:
            sys.stderr.write(f"{asked.weights} is none of {', '.join(known)}\n")
            return ABSENT
        file = asked.cache / Path(xrv.models.model_urls[asked.weights]["weights_url"]).name
        if not file.is_file():
            sys.stderr.write(f"{file} is not here; torchxrayvision puts it there when it is used\n")
            return ABSENT
    model = made(torch, xrv, asked.weights, asked.cache, random=random)
    asked.out.mkdir(parents=True)
    said = export(torch, model, asked.out, f"xrv-{asked.weights}", xrv.__version__)
    sys.stdout.write(json.dumps(said) + "\n")
    return 0


def libraries() -> tuple:
    """Import torch and torchxrayvision; the latter also beside a torchvision without its operators.

    torchvision's compiled operators (none is used here) do not load beside a torch for processors
    only; declared by name, its Python part loads.
    """
    import torch  # noqa: PLC0415

    try:
        import torchxrayvision  # noqa: PLC0415
    except RuntimeError:
        for name in [
            n for n in sys.modules if n.split(".")[0] in ("torchvision", "torchxrayvision")
        ]:
            del sys.modules[name]
        declared = torch.library.Library("torchvision", "DEF")
        for name in ("nms", "qnms"):
            declared.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        KEPT.append(declared)
        import torchxrayvision  # noqa: PLC0415
    return torch, torchxrayvision


def made(torch, xrv, weights: str, cache: Path, *, random: bool):  # noqa: ANN001, ANN201
    """The net, ready to answer; a random one has thresholds too, and one class without."""
    if not random:
        return xrv.models.DenseNet(weights=weights, cache_dir=str(cache)).eval()
    torch.manual_seed(SEED)
    points = torch.linspace(0.2, 0.6, len(xrv.models.DenseNet.targets))
    points[-1] = float("nan")
    return xrv.models.DenseNet(weights=None, op_threshs=points).eval()


def wrapped(torch, model):  # noqa: ANN001, ANN201
    """The net with its operating points, without the branches that cannot be exported."""

    class Answers(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model
            points = model.op_threshs
            self.normed = points is not None
            if self.normed:
                self.register_buffer("known", ~torch.isnan(points))
                self.register_buffer("points", torch.nan_to_num(points, nan=0.5))

        def forward(self, film):  # noqa: ANN001, ANN202
            features = torch.relu(self.model.features(film))
            out = torch.sigmoid(self.model.classifier(features.mean(dim=(2, 3))))
            if not self.normed:
                return out
            low = out / (2 * self.points)
            high = 1 - (1 - out) / (2 * (1 - self.points))
            scaled = torch.where(out < self.points, low, high)
            return torch.where(self.known, scaled, torch.full_like(scaled, 0.5))

    return Answers().eval()


def probe(torch):  # noqa: ANN001, ANN201
    """A film every reader of the package can make: a ramp in both directions."""
    ramp = torch.arange(SIDE, dtype=torch.float32) / (SIDE - 1)
    return ((ramp[:, None] + ramp[None, :]) * 1024 - 1024)[None, None]


def export(torch, model, out: Path, name: str, version: str) -> dict:  # noqa: ANN001
    """Write the net, the manifest and the licence; give what torch itself answers to the probe."""
    film = probe(torch)
    with torch.no_grad():
        answer = model(film.clone())[0]
        torch.onnx.export(
            wrapped(torch, model), (film,), str(out / "model.onnx"), opset_version=OPSET,
            input_names=["film"], output_names=["scores"], dynamo=False,
            dynamic_axes={"film": {0: "n"}, "scores": {0: "n"}},
        )  # fmt: skip
    digest = hashlib.sha256((out / "model.onnx").read_bytes()).hexdigest()
    classes, points = list(model.targets), model.op_threshs
    has_point = [
        points is not None and not bool(torch.isnan(points[n])) for n in range(len(classes))
    ]
    (out / "model.toml").write_text(manifest(name, version, digest, classes, has_point), "utf-8")
    (out / "LICENSE").write_text(LICENCE, "utf-8")
    return {
        "package": str(out),
        "name": name,
        "sha256": digest,
        "probe": [float(a) for a in answer],
    }


def manifest(name: str, version: str, digest: str, classes: list, has_point: list) -> str:
    """The card: what the weights say of themselves, and what nobody says of them."""
    text = f"""schema = 1
name = "{name}"
version = "{version}"
runner = "onnx"
file = "model.onnx"
sha256 = "{digest}"
modality = "DR"
role = "decision_support"
licence = "Apache-2.0; terms of the training data: see LICENSE"
regulatory_class = "not registered; decision support would be class III (NMPA notice 2021 No. 47)"
registration = ""
intended_use = "research: frontal chest films of adults; a licensed doctor checks every prompt"
trained_on = "public collections, labels read from reports: see LICENSE; figures fall elsewhere"

[input]
rows = {SIDE}
columns = {SIDE}
channels = 1
fit = "crop"
low = -1024.0
high = 1024.0

[output]
activation = "none"
"""
    for index, (label, point) in enumerate(zip(classes, has_point, strict=True)):
        if not label:
            continue
        code = FINDINGS.get(label, "")
        text += f'\n[[class]]\nindex = {index}\nname = "{label}"\nfinding = "{code}"\n'
        if point:
            text += (
                "\n[[class.point]]\nthreshold = 0.5\npositives = 0\nnegatives = 0\n"
                'data_set = "operating point of the authors; its figures are not shipped"\n'
                f"date = {datetime.now(UTC).date()}\n"
            )
    return text


if __name__ == "__main__":
    sys.exit(main())
