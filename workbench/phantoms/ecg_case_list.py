"""What a case can be asked for: its parameters, their ranges, and the limits they cross."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.phantoms.ecg_strip import Strip


@dataclass(frozen=True, slots=True)
class Span:
    """A number: its usual value, the least and the most drawn, and the limits in between."""

    usual: float
    least: float
    most: float
    unit: str
    limits: tuple[tuple[float, str], ...] = ()  # value, and the code that begins or ends there


@dataclass(frozen=True, slots=True)
class Choice:
    """A word: its usual value and all others."""

    usual: str
    others: tuple[str, ...]


Asked = Mapping[str, Any]
Draw = Callable[[Strip, Asked], set[str]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """One case: how it is drawn, and what can be asked for; `draw` returns its codes."""

    name: str
    draw: Draw
    shows: str
    asks: Mapping[str, Span | Choice] = field(default_factory=dict)

    def asked(self, given: Mapping[str, object]) -> dict[str, Any]:
        """All parameters, given or usual; refuses what is not drawn with the range."""
        strange = set(given) - set(self.asks)
        if strange:
            known = ", ".join(self.asks) or "nothing"
            raise ValueError(f"{self.name} has no {', '.join(sorted(strange))}; it takes {known}")
        values = {name: given.get(name, one.usual) for name, one in self.asks.items()}
        for name, one in self.asks.items():
            value = values[name]
            if isinstance(one, Choice):
                if value not in (one.usual, *one.others):
                    choice = ", ".join((one.usual, *one.others))
                    raise ValueError(f"{name} is {value}; {choice} can be drawn")
            elif not isinstance(value, int | float) or not one.least <= value <= one.most:
                raise ValueError(
                    f"{name} is {value} {one.unit}; {one.least:g} to {one.most:g} {one.unit} is "
                    f"drawn for {self.name}"
                )
        return values


def rate(usual: float, least: float, most: float, *limits: tuple[float, str]) -> Span:
    """Give the span of a rate.

    Parameters
    ----------
    usual, least, most : float
        Beats per minute.
    *limits : tuple of float and str
        Limits it crosses.

    Returns
    -------
    Span
        In beats per minute.
    """
    return Span(usual, least, most, "bpm", limits)
