"""Sample chest films: an analytic thorax, exposed and processed, with its truth beside it."""

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from workbench.phantoms import chest_sizes as sizes
from workbench.phantoms.chest_body import fat_share
from workbench.phantoms.chest_bones import bone_lengths
from workbench.phantoms.chest_devices import draw_devices
from workbench.phantoms.chest_exposure import Exposure, expose, veiled
from workbench.phantoms.chest_grid import enlarge, shrink
from workbench.phantoms.chest_labels import fit_heart, silhouettes, truth_of
from workbench.phantoms.chest_lungs import LEFT, RIGHT
from workbench.phantoms.chest_marker import letter
from workbench.phantoms.chest_moved import moving
from workbench.phantoms.chest_organs import IllPaths, Paths, trace
from workbench.phantoms.chest_person import (
    ChestCase,
    Person,
    Sex,
    ThoraxCase,
    draw_case,
    draw_person,
)
from workbench.phantoms.chest_pleura import Ill
from workbench.phantoms.chest_processing import blades, develop, draw_field
from workbench.phantoms.chest_rays import View, view_of
from workbench.phantoms.chest_shadows import draw_shadows
from workbench.phantoms.chest_trouble import Trouble, TroubleKind, troubled
from workbench.phantoms.chest_trouble_truth import trouble_truth
from workbench.phantoms.chest_vessels import vessel_lengths

__all__ = ["ChestCase", "Exposure", "Sex", "ThoraxCase", "ThoraxFilm", "draw_case", "make_film"]

Array = NDArray[np.float32]
FULL_SHAPE = (3000, 2500)
FILM_WIDTH_CM = 35.0
ORGAN_PITCH_CM = 0.095
SMALLEST = 120  # pixels a side
AIRY_CM = 4.0
MOST_DENSE, SHRINKS_DENSER = 0.7, -0.45  # density of a shrunken lung, from what is left of it


@dataclass(frozen=True, slots=True, eq=False)
class ThoraxFilm:
    """One film for presentation.

    Attributes
    ----------
    pixels : ndarray of uint16, shape (rows, columns)
        14-bit greys; dense parts are white (MONOCHROME2). Image right is the patient's left.
    spacing_mm : float
        Distance of two pixels at the detector.
    exposure : Exposure
        kvp, mas, ei, eit, di, dap.
    truth : dict
        What the film shows; values fit for JSON.
    """

    pixels: NDArray[np.uint16]
    spacing_mm: float
    exposure: Exposure
    truth: dict[str, object]


def make_film(
    case: ThoraxCase,
    shape: tuple[int, int],
    generator: np.random.Generator,
    trouble: Trouble | None = None,
) -> ThoraxFilm:
    """Make one chest film.

    Parameters
    ----------
    case : ThoraxCase
        What the film shows.
    shape : tuple of int
        Rows and columns; the film is 35 cm wide whatever the shape.
    generator : numpy.random.Generator
        Source of the person, the placing and the noise.
    trouble : Trouble or None, optional
        Disease of the person or fault of the technician.

    Returns
    -------
    ThoraxFilm
        Pixels, factors and truth; equal for equal case, trouble, shape and state of the generator.

    Raises
    ------
    ValueError
        If the shape is too small to hold a chest.
    """
    if min(shape) < SMALLEST:
        raise ValueError(
            f"shape {shape} is too small for a chest; use {SMALLEST} pixels or more a side"
        )
    pitch = FILM_WIDTH_CM / shape[1]
    person = draw_person(case, generator)
    if trouble is not None:
        person = troubled(person, trouble)
    view = view_of(person, shape, pitch)
    heart = fit_heart(person, view)
    ill = None if trouble is None else Ill(person, heart, trouble)
    aside = generator.spawn(1)[0]  # trouble draws here: the person stays as without it
    paths = trace(person, heart, view.coarser(ORGAN_PITCH_CM), ill)
    through = _attenuation(person, paths, view, generator, trouble)
    vessels = vessel_lengths(person, heart, view, generator, None if ill is None else ill.placed)
    tissue = paths.lungs if paths.ill is None else paths.ill.tissue
    lung = enlarge(tissue[0] + tissue[1], shape)
    blood = np.minimum(vessels, np.maximum(lung, 0)) * np.float32(1 - person["lung_density"])
    shadows = None if ill is None else draw_shadows(ill, paths, view, aside)
    if shadows is not None:
        blood *= shadows.left
        through += np.float32(sizes.WATER) * shadows.water
    through += np.float32(sizes.WATER) * (blood + _parenchyma(lung, view, generator))
    del lung, vessels, blood
    through += np.float32(sizes.BONE - sizes.WATER) * bone_lengths(person, view, generator)
    kind = None if trouble is None else trouble.kind
    if kind is TroubleKind.DEVICES:
        through += draw_devices(person, heart, view, aside)
    field = draw_field(shape, pitch, generator)
    lead, marker = _marker(shape, pitch, generator, exchanged=kind is TroubleKind.WRONG_MARKER)
    if kind is TroubleKind.MOVED:
        primary = moving(np.exp(-through), pitch) * np.exp(-lead)  # lead lies on the detector
    else:
        primary = np.exp(-(through + lead))
    primary *= blades(field, shape, pitch)
    del through, lead
    arriving = veiled(primary, pitch)
    masks = silhouettes(paths)
    lungs, trunk = masks["lung_right"] | masks["lung_left"], masks["heart"] | (paths.trunk > 6)
    relevant = float(np.median(shrink(arriving, lungs.shape)[lungs | masks["heart"]]))
    kerma, exposure = expose(arriving, relevant, case.dose, pitch, generator)
    airy = lungs if paths.ill is None else lungs & _airy(paths.ill)
    pixels = develop(kerma, field, pitch, (airy, trunk))
    truth = {
        "case": case.case.value,
        "sex": case.sex.value,
        "age": case.age,
        "habitus": round(case.habitus, 3),
        "ctr_wanted": round(case.ctr, 4),
        "dose_factor": round(case.dose, 4),
        "shape": [int(n) for n in shape],
        "spacing_mm": round(pitch * 10, 5),
        "marker": marker,
        "collimation_px": asdict(field),
        "exposure": asdict(exposure),
        **truth_of(paths, shape),
    }
    if ill is not None:
        seen = () if shadows is None else shadows.nodule
        truth |= trouble_truth(ill, paths, view, seen)
    return ThoraxFilm(pixels, pitch * 10, exposure, truth)


def _attenuation(
    person: Person,
    paths: Paths,
    view: View,
    generator: np.random.Generator,
    trouble: Trouble | None,
) -> Array:
    """Attenuation of everything with a volume, on the grid of the film."""
    if paths.ill is None or trouble is None:
        air = (paths.lungs[0] + paths.lungs[1]) * np.float32(1 - person["lung_density"])
    else:
        air = _air_left(person, paths.ill, trouble)
    air = air + paths.gas
    soft = (
        np.float32(sizes.FAT) * np.maximum(paths.body - paths.muscle, 0)
        + np.float32(sizes.WATER) * np.maximum(paths.muscle - air, 0)
        + np.float32(fat_share(person)) * paths.breast
        + np.float32(sizes.WATER) * _planes(paths, ORGAN_PITCH_CM, generator)
    )
    return enlarge(np.asarray(gaussian_filter(soft, 0.5), np.float32), view.shape)


def _air_left(person: Person, ill: IllPaths, trouble: Trouble) -> Array:
    """Air that disease leaves in and beside the lungs, in cm."""
    healthy = person["lung_density"]
    total = ill.free + ill.gas - ill.lining * np.float32(1 - healthy)
    for side, tissue in zip((RIGHT, LEFT), ill.tissue, strict=True):
        density = healthy
        if trouble.shrunk is not None and trouble.shrunk.side == side:
            # blood leaves a shrinking lung with its air, though less than air does
            density = min(MOST_DENSE, healthy * trouble.shrunk.volume**SHRINKS_DENSER)
        total = total + tissue * np.float32(1 - density)
    return np.asarray(total, np.float32)


def _airy(ill: IllPaths) -> NDArray[np.bool_]:
    """Where enough air is left for the grey curve to be set by."""
    left = ill.tissue[0] + ill.tissue[1] + ill.free - ill.dense
    return np.asarray(left > AIRY_CM, np.bool_)


def _planes(paths: Paths, pitch: float, generator: np.random.Generator) -> Array:
    """Equivalent cm of water of folds and planes between muscle, fat and gut."""
    total = np.zeros_like(paths.body)
    for size, strength in ((0.5, 0.05), (1.4, 0.16)):
        noise = gaussian_filter(generator.standard_normal(total.shape, np.float32), size / pitch)
        total += noise / noise.std() * np.float32(strength)
    return np.asarray(total * np.clip(paths.body / 8, 0, 1), np.float32)


def _parenchyma(lung: Array, view: View, generator: np.random.Generator) -> Array:
    """Equivalent cm of water of lung tissue too fine to draw as vessels."""
    total = np.zeros(view.shape, np.float32)
    for size, strength in ((0.045, 0.006), (0.10, 0.005), (0.4, 0.004)):
        grid = view.coarser(size / 1.6)
        noise = gaussian_filter(
            generator.standard_normal(grid.shape, np.float32), size / grid.pitch
        )
        total += enlarge(noise / noise.std() * np.float32(strength), view.shape)
    return np.asarray(total * np.maximum(lung, 0), np.float32)


def _marker(
    shape: tuple[int, int], pitch: float, generator: np.random.Generator, *, exchanged: bool
) -> tuple[Array, dict[str, object]]:
    """A lead letter, as attenuation: R at the image's left or L at its right, unless exchanged."""
    name = "L" if generator.random() < 0.5 else "R"
    width = shape[1] * pitch
    side = generator.uniform(1.4, 3.0)
    on_right = (name == "R") is not exchanged
    x = side if on_right else width - side - 1.0
    y = generator.uniform(1.4, 3.5)
    lead = np.float32(sizes.LEAD_MARKER) * letter(name, shape, pitch, (x, y))
    where = {"letter": name, "left_px": round(x / pitch, 1), "top_px": round(y / pitch, 1)}
    return lead, where
