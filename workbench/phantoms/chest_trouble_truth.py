"""What a film with trouble is true to: its disease as masks, volumes and sizes."""

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms.chest_labels import run_lengths
from workbench.phantoms.chest_lungs import RIGHT
from workbench.phantoms.chest_organs import Paths
from workbench.phantoms.chest_pleura import Ill
from workbench.phantoms.chest_rays import View
from workbench.phantoms.chest_trouble import TroubleKind

Array = NDArray[np.float32]
SEEN_CM = 0.5  # a disease is outlined where a ray crosses this much of it
# Inner ends of the clavicles beside the midline, and depths as parts of the half depth of the cage.
CLAVICLE_END_CM, CLAVICLE_DEPTH, SPINE_DEPTH = 1.45, 0.62, -0.95
MAPS = ("fluid", "free", "gas", "dense")


def trouble_truth(
    ill: Ill, paths: Paths, view: View, nodule: tuple[float, ...]
) -> dict[str, object]:
    """Say what was drawn, ready for JSON.

    Parameters
    ----------
    ill : Ill
        The chest and what is wrong with it.
    paths : Paths
        Crossed lengths on the coarse grid.
    view : View
        The film.
    nodule : tuple of float
        Column, row and radius in pixels; empty when there is none.

    Returns
    -------
    dict
        `case`, its side and sizes; volumes in ml; `disease_masks` on the grid of `masks`, whose
        lungs are the whole space above the dome whether there is air in it or not.
    """
    trouble = ill.trouble
    said: dict[str, object] = {"case": trouble.kind.value}
    if trouble.side:
        said["side"] = "right" if trouble.side == RIGHT else "left"
    if trouble.push:
        said["push_to_left_cm"] = round(trouble.push, 2)
    if trouble.shrunk is not None:
        said["lung_left_share"] = round(trouble.shrunk.volume, 3)
    if trouble.kind is TroubleKind.ROTATED:
        said["turned_deg"] = round(float(np.rad2deg(view.yaw)), 1)
        said["clavicles_uneven"] = round(_unevenness(ill, view), 2)
    if nodule:
        column, row, radius = nodule
        said["nodule"] = {
            "column_px": round(column, 1),
            "row_px": round(row, 1),
            "diameter_mm": round(2 * radius * view.pitch * 10, 1),
        }
    masks: dict[str, object] = {}
    if paths.ill is not None:
        cell = view.pitch * view.shape[1] / paths.ill.fluid.shape[1]
        # a ray through the middle of the chest is spread by the beam: the area there is smaller
        area = (cell * float(view.shrink(np.zeros(1, np.float32))[0])) ** 2
        for name in MAPS:
            path: Array = getattr(paths.ill, name)
            if (seen := path > SEEN_CM).any():
                masks[name] = run_lengths(seen)
                said[f"{name}_ml"] = round(float(path.sum()) * area)
    if masks:
        said["disease_masks"] = masks
    return said


def _unevenness(ill: Ill, view: View) -> float:
    """Difference of the distances of the inner clavicle ends from the spine, over their sum."""
    person = ill.person
    level = person["clavicle_medial_t"] * person["cage_height"]
    front, back = CLAVICLE_DEPTH * person["half_depth"], SPINE_DEPTH * person["half_depth"]
    points = [[-CLAVICLE_END_CM, level, front], [CLAVICLE_END_CM, level, front], [0, level, back]]
    right, left, spine = view.project(np.asarray(points, np.float32))[1]
    gaps = float(spine - right), float(left - spine)
    return abs(gaps[0] - gaps[1]) / abs(sum(gaps))
