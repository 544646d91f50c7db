"""Write the marks of one film as a Grayscale Softcopy Presentation State (PS3.3 A.33.1)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from highdicom import PresentationLUTTransformation
from highdicom.pr import (
    GraphicAnnotation,
    GraphicLayer,
    GraphicObject,
    GrayscaleSoftcopyPresentationState,
    SoftcopyVOILUTTransformation,
    TextObject,
)
from pydicom.valuerep import DSfloat

from workbench import language
from workbench.domain.errors import Invalid
from workbench.domain.image import VoiKind
from workbench.domain.mark import Mark, MarkValue, ValueName
from workbench.formats.mark_shapes import shapes
from workbench.formats.writers.mark_parts import (
    FilmSource,
    Origin,
    contents,
    corner_based,
    finished,
)

LAYER: Final = "MARKS"
DECIMALS: Final = {"1": 2, "deg": 1, "mm": 1, "mm-detector": 1, "px": 0}


def presentation(
    film: FilmSource,
    marks: Sequence[Mark],
    meta: Mapping[str, Any],
    origin: Origin,
    number: int,
    translate: Callable[[str], str],
) -> tuple[str, bytes]:
    """SOP instance UID and file of what is drawn on one film.

    `meta` is that of the film's full copy: its greys are those the reader had before them.
    """
    if film.dataset.SamplesPerPixel != 1:
        raise Invalid("film", "in colour", "a grey film: this object cannot show another")
    if not marks:
        raise Invalid("marks", "none", "at least one mark")
    layer = GraphicLayer(LAYER, order=1, description="Marks of the signed report")
    several = int(film.dataset.get("NumberOfFrames", 1)) > 1
    drawn = GraphicAnnotation(
        referenced_images=[film.dataset],
        graphic_layer=layer,
        referenced_frame_number=1 if several else None,
        graphic_objects=[o for m in marks for o in _graphics(m, origin)],
        text_objects=[t for m in marks for t in _texts(m, translate)] or None,
    )
    uid = origin.uid("PR", film.instance_id)
    ds = GrayscaleSoftcopyPresentationState(
        referenced_images=[film.dataset], series_instance_uid=origin.uid("PR", "series"),
        series_number=901, sop_instance_uid=uid, instance_number=number,
        content_label="MARKS", content_description="Marks of the signed report",
        graphic_annotations=[drawn], graphic_layers=[layer],
        content_creator_name=origin.signer, series_description="Marks",
        voi_lut_transformations=_voi(film, meta),
        presentation_lut_transformation=PresentationLUTTransformation(
            presentation_lut_shape="INVERSE" if meta["invert"] else "IDENTITY"
        ),
        **contents(origin),
    )  # fmt: skip
    ds.Laterality = film.dataset.Laterality
    area = ds.DisplayedAreaSelectionSequence[0]
    row, column = meta["spacing"]["row_mm"], meta["spacing"]["column_mm"]
    if row and column and row != column:  # whatever they mean, they say the shape of a pixel
        del area.PresentationPixelAspectRatio
        area.PresentationPixelSpacing = [DSfloat(row, True), DSfloat(column, True)]
    return uid, finished(ds, film, origin)


def said(value: MarkValue, translate: Callable[[str], str]) -> str:
    """A number as it stands beside its mark on the film; empty when there is none."""
    if value.value is None:
        return ""
    name = language.label(ValueName(value.name), translate)
    number = f"{value.value:.{DECIMALS.get(value.unit, 0)}f}"
    length = value.unit.removesuffix("2")
    unit = {"mm-detector": translate("mm (detector plane)"), "1": "", "value": ""}.get(
        length, length
    )
    if value.unit.endswith("2"):
        unit = unit.replace(length[:2], f"{length[:2]}²", 1)
    return f"{name} {number} {unit}".rstrip()


def _graphics(mark: Mark, origin: Origin) -> list[GraphicObject]:
    """The lines of a mark; tool and name of the mark stand in the tracking identifier of each."""
    return [
        GraphicObject(
            kind, corner_based(points), "PIXEL", tracking_id=f"{mark.tool}:{mark.uid}:{n}",
            tracking_uid=origin.uid("mark", mark.uid, n),
        )
        for n, (kind, points) in enumerate(shapes(mark))
    ]  # fmt: skip


def _texts(mark: Mark, translate: Callable[[str], str]) -> list[TextObject]:
    words = [mark.text, *(said(v, translate) for v in mark.values)]
    text = "\r\n".join(w for w in words if w)
    [anchor] = corner_based(mark.points[:1])
    return [TextObject(text, "PIXEL", anchor_point=tuple(anchor.tolist()))] if text else []


def _voi(film: FilmSource, meta: Mapping[str, Any]) -> list[SoftcopyVOILUTTransformation] | None:
    """The window taken from the picture itself where the file gives none; else that of the file."""
    ds, first = film.dataset, meta["vois"][0]
    given = "VOILUTSequence" in ds or "WindowCenter" in ds
    whole = float(ds.get("RescaleSlope", 1)).is_integer() and "ModalityLUTSequence" not in ds
    if given or not whole or first["kind"] != VoiKind.PERCENTILE:
        return None
    return [SoftcopyVOILUTTransformation(first["center"], max(1.0, first["width"]))]
