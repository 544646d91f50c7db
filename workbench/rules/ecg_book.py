"""The adult ECG book with the limits of one profile laid over it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workbench.domain.errors import Invalid
from workbench.domain.rulebook import BadRuleBook, RuleBook, Threshold

NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class EcgBooks:
    """The adult edition and the profiles that may be laid over it, by profile name."""

    adult: RuleBook
    profiles: Mapping[str, RuleBook]

    def for_profile(self, profile: str) -> RuleBook:
        """Give the limits of one profile.

        Parameters
        ----------
        profile : str
            Name of a profile, as the examining institution has it.

        Returns
        -------
        RuleBook
            Named after the adult edition and the profile's edition.

        Raises
        ------
        Invalid
            If no such profile is installed: another province's limits are never taken silently.
        BadRuleBook
            If the profile holds a limit that the adult book does not know.
        """
        if profile not in self.profiles:
            raise Invalid(
                "critical-value profile", profile, f"one of {', '.join(sorted(self.profiles))}"
            )
        return laid_over(self.adult, self.profiles[profile])


def joined(name: str, books: Iterable[RuleBook]) -> RuleBook:
    """Make one book of the topic books of an edition.

    Parameters
    ----------
    name : str
        Name of the edition.
    books : iterable of RuleBook
        Its parts; no limit may stand in two of them.

    Returns
    -------
    RuleBook
        All limits, in the order of the parts.

    Raises
    ------
    BadRuleBook
        If a limit stands in two parts: which one holds would depend on their order.
    """
    found: dict[str, Threshold] = {}
    home: dict[str, str] = {}
    faults: list[str] = []
    for book in books:
        for key, limit in book.items():
            if key in home:
                faults.append(f"{key} stands in {home[key]} and in {book.name}")
            found[key], home[key] = limit, book.name
    if faults:
        raise BadRuleBook(f"rule book {name}: {'; '.join(faults)}; keep one of each")
    return RuleBook(name=name, thresholds=found)


def laid_over(base: RuleBook, profile: RuleBook) -> RuleBook:
    """Replace single limits of a book by those of a profile.

    Parameters
    ----------
    base : RuleBook
        Complete edition.
    profile : RuleBook
        Limits to replace, same ids and units.

    Returns
    -------
    RuleBook
        All limits of the base; name ``<base>+<profile>``.

    Raises
    ------
    BadRuleBook
        If the profile names a limit unknown to the base, or in another unit.
    """
    faults = [f"{key} is not in {base.name}" for key in profile if key not in base.thresholds]
    faults += [
        f"{key} is in {limit.unit}, but {base.name} has {base[key].unit}"
        for key, limit in profile.items()
        if key in base.thresholds and limit.unit != base[key].unit
    ]
    if faults:
        raise BadRuleBook(f"profile {profile.name}: {'; '.join(faults)}")
    merged = {**base.thresholds, **profile.thresholds}
    return RuleBook(name=f"{base.name}+{profile.name}", thresholds=merged)
