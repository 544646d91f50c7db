"""Draw one person: the sizes of a chest, from the case asked for and a generator."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from workbench.phantoms import chest_sizes as sizes


class ChestCase(StrEnum):
    """What a sample film shows."""

    NORMAL = "normal"
    CARDIOMEGALY = "cardiomegaly"
    UNDEREXPOSED = "underexposed"
    OVEREXPOSED = "overexposed"


class Sex(StrEnum):
    """Sex of the person, as DICOM writes it."""

    MALE = "M"
    FEMALE = "F"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThoraxCase:
    """What is asked of one film; everything else is drawn from the generator.

    Attributes
    ----------
    case : ChestCase
        What the film shows.
    sex : Sex
        Sex of the person.
    age : int
        Age in years; an adult.
    habitus : float
        0 is lean, 1 is heavy.
    ctr : float
        Cardiothoracic ratio aimed at; the ratio reached is in the truth of the film.
    dose : float
        Dose at the detector as a multiple of the one aimed at.
    """

    case: ChestCase
    sex: Sex
    age: int
    habitus: float
    ctr: float
    dose: float

    def __post_init__(self) -> None:
        lowest, highest = sizes.AGES
        if not 18 <= self.age <= 100:
            raise ValueError(f"age {self.age} is not an adult's; use {lowest} to {highest}")
        if not 0.0 <= self.habitus <= 1.0:
            raise ValueError(f"habitus {self.habitus} is outside 0 (lean) to 1 (heavy)")
        if not 0.3 <= self.ctr <= 0.8:
            raise ValueError(f"cardiothoracic ratio {self.ctr} is outside 0.3 to 0.8")
        if not 0.01 <= self.dose <= 30.0:
            raise ValueError(f"dose factor {self.dose} is outside 0.01 to 30")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Sizes of one chest; lengths in cm, see `chest_sizes` for the axes.

    Attributes
    ----------
    size : mapping of str to float
        One value for each row of `chest_sizes.MALE` or `FEMALE` and `chest_sizes.BOTH`.
    sex : Sex
        Sex of the person.
    age : int
        Age in years.
    fat : float
        Thickness of the subcutaneous fat.
    ctr : float
        Cardiothoracic ratio aimed at.
    gut : tuple of tuple of float
        Gas-filled loops: x, y below the left dome, half width, half height, half depth.
    """

    size: Mapping[str, float]
    sex: Sex
    age: int
    fat: float
    ctr: float
    gut: tuple[tuple[float, ...], ...] = ()

    def __getitem__(self, name: str) -> float:
        """One size by its name in the tables."""
        return self.size[name]


def draw(spread: sizes.Spread, generator: np.random.Generator) -> float:
    """Draw one size.

    Parameters
    ----------
    spread : Spread
        Mean, standard deviation and limits.
    generator : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    float
        The size, in the unit of the spread.
    """
    value = generator.normal(spread.mean, spread.deviation)
    return float(np.clip(value, spread.lowest, spread.highest))


def draw_case(case: ChestCase, generator: np.random.Generator) -> ThoraxCase:
    """Draw sex, age, habitus, heart size and dose for one kind of film.

    Parameters
    ----------
    case : ChestCase
        What the film shall show.
    generator : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    ThoraxCase
        The case, ready for `workbench.phantoms.thorax.make_film`.
    """
    heart = "cardiomegaly" if case is ChestCase.CARDIOMEGALY else "normal"
    lowest, highest = sizes.AGES
    return ThoraxCase(
        case=case,
        sex=Sex.MALE if generator.random() < 0.5 else Sex.FEMALE,
        age=int(generator.integers(lowest, highest + 1)),
        habitus=float(generator.beta(2.0, 2.6)),
        ctr=draw(sizes.CTR[heart], generator),
        dose=draw(sizes.DOSE[case.value], generator),
    )


def draw_person(case: ThoraxCase, generator: np.random.Generator) -> Person:
    """Draw the sizes of the person for a case.

    Parameters
    ----------
    case : ThoraxCase
        What is asked for.
    generator : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    Person
        Sizes in cm, degrees and fractions as the tables say.
    """
    table = sizes.MALE if case.sex is Sex.MALE else sizes.FEMALE
    size = {name: draw(spread, generator) for name, spread in {**table, **sizes.BOTH}.items()}
    lean, heavy = sizes.HABITUS_WIDE
    wider = 1.0 + lean + (heavy - lean) * case.habitus
    size["half_width"] *= wider
    size["half_depth"] *= wider
    low, high = sizes.HABITUS_HIGH_DOMES
    size["dome_right"] -= low + (high - low) * case.habitus
    thin, thick = sizes.HABITUS_FAT
    fat = thin + (thick - thin) * case.habitus
    return Person(size=size, sex=case.sex, age=case.age, fat=fat, ctr=case.ctr, gut=_gut(generator))


def _gut(generator: np.random.Generator) -> tuple[tuple[float, ...], ...]:
    """Loops of the left bend of the colon, one beside the other."""
    count = round(draw(sizes.GUT, generator))
    x, y = generator.uniform(4.5, 8.0), generator.uniform(4.5, 6.5)
    loops: list[tuple[float, ...]] = []
    for _ in range(count):
        wide, high = generator.uniform(0.7, 1.5), generator.uniform(0.6, 1.2)
        loops.append((x, y, wide, high, generator.uniform(0.6, 1.5)))
        x += generator.uniform(-0.2, 1.0) * wide
        y += generator.uniform(0.7, 1.6)
    return tuple(loops)
