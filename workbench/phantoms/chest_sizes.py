"""Sizes of an adult chest, the beam and the detector: every number of the phantom sits here.

Origin of all anatomical rows: textbook-size adult values, adjusted by eye in November 2026 against
erect PA films (NEMA WG-04 RG1, NIH ChestX-ray14); they are not measurements of any patient.
Lengths are in cm in the patient, ``t`` is the fraction of the way from the lung apex (0) down to
the costophrenic angle (1), ``x`` grows to the patient's left, ``y`` downwards, ``z`` forwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Spread:
    """A size with its natural spread, never outside its limits."""

    mean: float
    deviation: float
    lowest: float
    highest: float


# Person: mean, standard deviation, limits.
MALE: Mapping[str, Spread] = MappingProxyType({
    "half_width": Spread(14.1, 0.50, 12.9, 15.3),  # inner, at the level of the domes
    "cage_height": Spread(28.0, 1.0, 25.5, 30.5),  # apex to costophrenic angle, full inspiration
    "half_depth": Spread(8.9, 0.45, 7.9, 10.2),
    "shoulder": Spread(21.5, 0.6, 20.0, 23.0),  # midline to the outside of the upper arm
    "neck": Spread(6.1, 0.35, 5.3, 7.0),  # half width
    "bone_radius": Spread(1.0, 0.05, 0.88, 1.12),  # thickness of bones relative to the tables
    "breast": Spread(0.0, 0.0, 0.0, 0.0),  # greatest thickness
})  # fmt: skip
FEMALE: Mapping[str, Spread] = MappingProxyType({
    "half_width": Spread(12.7, 0.45, 11.6, 13.8),
    "cage_height": Spread(25.6, 0.9, 23.4, 28.0),
    "half_depth": Spread(8.0, 0.45, 7.1, 9.2),
    "shoulder": Spread(19.2, 0.5, 17.8, 20.6),
    "neck": Spread(5.2, 0.3, 4.5, 6.0),
    "bone_radius": Spread(0.87, 0.05, 0.76, 0.98),
    "breast": Spread(3.6, 1.0, 1.8, 6.0),
})  # fmt: skip
BOTH: Mapping[str, Spread] = MappingProxyType({
    "dome_right": Spread(4.3, 0.4, 3.3, 5.6),  # dome top above the costophrenic angle
    "dome_left_lower": Spread(1.1, 0.4, 0.2, 2.0),  # left dome below the right one
    "dome_place": Spread(0.50, 0.03, 0.43, 0.58),  # of the half width
    "arch_y": Spread(0.285, 0.012, 0.25, 0.32),  # level of the aortic arch, as t
    "arch_radius": Spread(1.65, 0.15, 1.3, 2.1),
    "right_share": Spread(0.31, 0.025, 0.25, 0.37),  # part of the heart right of the midline
    "spine_bow": Spread(0.0, 0.3, -0.7, 0.7),  # sideways deviation
    "clavicle_medial_t": Spread(0.155, 0.012, 0.12, 0.185),
    "clavicle_rise": Spread(1.6, 0.7, 0.2, 3.2),  # lateral end above the medial end
    "scapula_out": Spread(0.91, 0.03, 0.84, 0.99),  # medial border, of the half width
    "lung_density": Spread(0.24, 0.02, 0.19, 0.29),  # g/cm3, inspiration
    "vessel_scale": Spread(1.0, 0.08, 0.8, 1.2),
    "stomach_gas": Spread(0.75, 0.3, 0.0, 1.25),  # size of the bubble
    "yaw_deg": Spread(0.0, 1.2, -2.5, 2.5),
    "lean_deg": Spread(0.0, 0.6, -1.5, 1.5),
    "off_centre_x": Spread(0.0, 0.4, -1.0, 1.0),
    "film_top": Spread(6.0, 0.6, 4.6, 7.4),  # apex below the upper edge of the film
})  # fmt: skip
AGES = (22, 82)  # years, both included
HABITUS_FAT = (0.7, 3.6)  # subcutaneous fat for habitus 0 and 1
HABITUS_WIDE = (-0.05, 0.06)  # relative change of half width and half depth
GUT = Spread(1.3, 1.3, 0.0, 4.0)  # gas-filled loops under the left dome
HABITUS_HIGH_DOMES = (0.4, -1.3)  # cm by which a thin person's domes stand lower

# Heart by case: cardiothoracic ratio on the film.
CTR: Mapping[str, Spread] = MappingProxyType({
    "normal": Spread(0.445, 0.025, 0.38, 0.485),
    "cardiomegaly": Spread(0.595, 0.04, 0.54, 0.68),
})  # fmt: skip
# Exposure by case: dose at the detector as a multiple of the target.
DOSE: Mapping[str, Spread] = MappingProxyType({
    "normal": Spread(1.0, 0.10, 0.8, 1.25),
    "cardiomegaly": Spread(1.0, 0.10, 0.8, 1.25),
    "underexposed": Spread(0.11, 0.025, 0.07, 0.16),
    "overexposed": Spread(7.0, 0.9, 5.5, 9.0),
})  # fmt: skip

# Lung outline in the frontal plane: (t, fraction of the half width).
LUNG_LATERAL = (
    (-0.03, 0.375), (0.0, 0.385), (0.008, 0.46), (0.025, 0.535), (0.06, 0.625), (0.11, 0.71),
    (0.18, 0.79),
    (0.27, 0.857), (0.4, 0.922), (0.55, 0.967), (0.7, 0.992), (0.82, 1.0), (0.92, 0.995),
    (1.05, 0.975),
    (1.3, 0.93),
)  # fmt: skip
LUNG_MEDIAL = (
    (-0.03, 0.375), (0.0, 0.365), (0.008, 0.305), (0.025, 0.26), (0.06, 0.215), (0.11, 0.185),
    (0.2, 0.17),
    (0.4, 0.15), (0.7, 0.13), (1.0, 0.13), (1.3, 0.13),
)  # fmt: skip
# Depth: back and front wall as fraction of the half depth.
LUNG_BACK = (
    (-0.03, 0.44),
    (0.0, 0.46),
    (0.03, 0.62),
    (0.1, 0.8),
    (0.25, 0.95),
    (0.5, 1.0),
    (1.3, 0.97),
)
LUNG_FRONT = (
    (-0.03, -0.40), (0.0, -0.38), (0.03, -0.15), (0.1, 0.15), (0.25, 0.55), (0.5, 0.86),
    (0.8, 0.97), (1.3, 0.9),
)  # fmt: skip
LUNG_SQUARE = 2.35  # exponent of the horizontal section: 2 is an ellipse

# Ribs 1 to 12: level of the head (t at the spine), fall from back to front (cm for a 28 cm cage),
# angle at which the bone ends (radians round from the spine), reach (fraction of the wall).
RIB_HEAD = (0.020, 0.087, 0.157, 0.230, 0.306, 0.385, 0.467, 0.552, 0.640, 0.731, 0.825, 0.922)
RIB_FALL = (4.4, 6.4, 8.2, 9.8, 11.2, 12.2, 12.8, 12.8, 12.2, 11.6, 14.0, 24.0)
RIB_END = (2.86, 2.68, 2.64, 2.62, 2.60, 2.56, 2.45, 2.30, 2.15, 2.0, 1.45, 0.8)
RIB_COURSE = (  # angle, part of the fall: the neck rises a little before the shaft falls
    (0.0, 0.0), (0.2, -0.012), (0.45, 0.02), (0.8, 0.10), (1.2, 0.25), (1.57, 0.46),
    (2.0, 0.72), (2.4, 0.89),
    (2.75, 1.0), (3.2, 1.1),
)  # fmt: skip
RIB_HEIGHT = 1.28  # of the shaft
RIB_THICKNESS = 0.56
RIB_CORTEX = 0.066
FIRST_RIB = (0.80, 0.22)  # half breadth and half height: a flat band, not a rod
FIRST_RIB_SLOPE = 0.75  # how much of its plane falls forwards
RIB_MARROW = 0.46  # mineral of the spongy part relative to cortex

# Spine, T1 = 0: body width, height of one level, both growing downwards.
SPINE_TOP_LEVEL, SPINE_LEVELS = -3, 21
SPINE_WIDTH = (2.7, 0.105)  # full width at T1, growth per level
SPINE_DISC = 0.17  # part of a level that is disc
SPINE_CORTEX = 0.055
SPINE_MARROW = 0.16
SPINE_DEPTH = (2.0, 0.07)

# Chambers: centre x and y, half axes across and along, depth centre and half depth, tilt (radians).
# Across in parts of the heart's width from the midline (right negative), along in parts of its
# height from its bottom up; the whole is scaled to the wanted width afterwards.
CHAMBERS = (
    (0.29, 0.35, 0.43, 0.285, 2.2, 5.0, 0.62),  # left ventricle, apex down and to the left
    (0.06, 0.28, 0.36, 0.27, 3.4, 4.0, 0.15),  # right ventricle, on the diaphragm
    (-0.115, 0.37, 0.195, 0.35, 1.0, 4.2, -0.05),  # right atrium: right border
    (0.13, 0.62, 0.22, 0.28, 0.2, 4.0, 0.75),  # left atrium and outflow: the waist
    (0.02, 0.80, 0.16, 0.26, 1.0, 3.2, 0.30),  # roots of the great vessels
)

# Trunks from the hilum: angle in the frontal plane (degrees, 0 is outwards, 90 is down), angle
# forwards, radius in cm. Arteries follow the bronchi, veins cross them lower down.
TRUNKS = (
    (-72, 10, 0.34), (-50, -25, 0.30), (-35, 35, 0.28), (-88, -10, 0.28),
    (62, -15, 0.50), (40, 30, 0.36), (80, -35, 0.42), (18, 40, 0.28), (5, -35, 0.28),
    (52, 10, 0.36), (92, 15, 0.30), (28, -30, 0.32), (72, -20, 0.34), (-15, 5, 0.25),
    (-60, 25, 0.20), (-80, -35, 0.20), (-42, 5, 0.22), (-25, -40, 0.22), (-5, 20, 0.22),
    (10, 0, 0.24), (33, 5, 0.26), (47, -40, 0.26), (58, 35, 0.26), (66, 10, 0.26),
    (76, 30, 0.26), (85, -5, 0.26), (100, -30, 0.24), (22, -10, 0.24),
)  # fmt: skip

# Muscle outline from the neck to the waist: y in cm for a 28 cm cage; across: 0 is the neck,
# 1 the shoulder, 2 the chest wall (cage plus wall); depth as part of the half depth.
OUTLINE = (
    (-16.0, 0.0), (-7.0, 0.02), (-5.2, 0.10), (-3.6, 0.27), (-2.2, 0.50), (-1.0, 0.74),
    (0.4, 0.92), (2.2, 1.0),
    (6.0, 1.0), (8.0, 1.06), (10.0, 1.35), (12.0, 1.72), (14.5, 1.93), (18.0, 2.0), (40.0, 2.0),
)  # fmt: skip

DEPTH = (
    (-16.0, 0.66), (-7.0, 0.62), (-4.0, 0.66), (0.0, 0.84), (5.0, 1.02), (12.0, 1.08),
    (25.0, 1.08), (40.0, 1.06),
)  # fmt: skip

# Attenuation for 120 kV behind 1 mm Cu and a grid, broad beam: 1/cm (effective energy near 60 keV).
WATER, FAT, BONE = 0.205, 0.172, 0.72
LEAD_MARKER = 2.4  # total attenuation of a side marker

# Beam and detector.
KVP = (117.0, 125.0)
SOURCE_IMAGE_CM = 180.0
AIR_GAP_CM = 4.0  # skin to detector plane: cover, grid
TUBE_OUTPUT = 45.0  # micrograys per mAs at 1 m, 120 kV with added copper
GRID_PASSES = 0.62
QUANTA_PER_MM2_UGY = 30000.0
DETECTED = 0.62
SATURATION_UGY = 32.0  # kerma at which the detector's converter is full
READ_NOISE_QUANTA = 9.0
TARGET_INDEX = 250.0  # EI_T of the fictional maker for chest PA
SCATTER = (0.62, 0.26)  # scatter to primary behind the grid: share of the wide and narrow veil
SCATTER_WIDE_CM, SCATTER_NARROW_CM = 5.5, 1.6
BLUR_MM = 0.10  # detector and focus, standard deviation
