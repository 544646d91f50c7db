"""How a rule says what it saw: the number, the limit it was held against, and whence the limit is.

Every sentence is one clause; clauses are joined by ``; `` and translated one by one. So a finding
names all numbers that fired it, and a reader of any language sees each of them.
"""

from collections.abc import Sequence

from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook, Threshold
from workbench.ecg.facts import EcgFacts, LeadWaves

AT_LEAST, ABOVE, AT_MOST, BELOW = "at or above", "above", "at or below", "below"
NO_UNIT = "1"
_DIGITS = {"ms": 0, "deg": 0, "bpm": 0, "mV ms": 1, "mmol/L": 1}  # all others: two


def seen(value: float, unit: str) -> str:
    """Write a value as rules print and judge it.

    Parameters
    ----------
    value : float
        Number in `unit`.
    unit : str
        Unit of the limit it is held against; ``1`` is not written.

    Returns
    -------
    str
        Rounded to what a reader can measure: hundredths of a mV, whole ms and degrees.
    """
    digits = _DIGITS.get(unit, 2)
    text = f"{value:.{digits}f}"
    return text if unit == NO_UNIT else f"{text} {unit}"


def printed(value: float, unit: str) -> float:
    """Round a value to what is printed, so that reader and rule see one number.

    Parameters
    ----------
    value : float
        Number in `unit`.
    unit : str
        Its unit.

    Returns
    -------
    float
        The number that `seen` writes.
    """
    return round(value, _DIGITS.get(unit, 2))


def against(what: str, value: float, relation: str, limit: Threshold, book: RuleBook) -> str:
    """Say one number and the limit that it was held against.

    Parameters
    ----------
    what : str
        What was measured, and where.
    value : float
        The number, in the unit of the limit.
    relation : str
        `AT_LEAST`, `ABOVE`, `AT_MOST` or `BELOW`.
    limit : Threshold
        The limit.
    book : RuleBook
        Its edition, with the profile laid over it.

    Returns
    -------
    str
        One clause.
    """
    unit = "" if limit.unit == NO_UNIT else f" {limit.unit}"
    source = f"[{limit.id}, certainty {limit.certainty}, {book.name}]"
    return f"{what}: {seen(value, limit.unit)} {relation} {limit.value:g}{unit} {source}"


def finding(
    code: str,
    severity: Severity,
    clauses: Sequence[str],
    rule: str,
    *,
    leads: Sequence[str] = (),
    mark: str = "",
) -> Finding:
    """Put a statement together.

    Parameters
    ----------
    code : str
        Code of the vocabulary.
    severity : Severity
        How grave.
    clauses : sequence of str
        What was seen, clause by clause.
    rule : str
        Id of the limit that decided.
    leads : sequence of str, optional
        Leads to look at.
    mark : str, optional
        Where on the averaged beat: ``p``, ``qrs``, ``j`` or ``t``.

    Returns
    -------
    Finding
        With its place.
    """
    place: dict[str, float | str] = {}
    if leads:
        place["leads"] = ", ".join(leads)
    if mark:
        place["mark"] = mark
    return Finding(code, severity, "; ".join(clauses), rule, place)


def waves_of(facts: EcgFacts, *names: str) -> tuple[LeadWaves, ...]:
    """Give the waves of those of the named leads that can be measured.

    Parameters
    ----------
    facts : EcgFacts
        The recording.
    *names : str
        Leads in the order wanted.

    Returns
    -------
    tuple of LeadWaves
        Without the leads that have a fault or were not recorded.
    """
    return tuple(facts.leads[name] for name in names if name in facts.leads)


def size(value: float | None) -> float:
    """Give a magnitude, nought where it was not measurable.

    Parameters
    ----------
    value : float or None
        Magnitude of a wave (mV or ms).

    Returns
    -------
    float
        For comparisons in which a wave that cannot be measured must not fire a rule.
    """
    return 0.0 if value is None else value


def depth(wave: LeadWaves) -> float:
    """Give the depth of the deepest negative deflection of QRS.

    Parameters
    ----------
    wave : LeadWaves
        One lead.

    Returns
    -------
    float
        Magnitude (mV); a QS complex counts whichever wave it is called.
    """
    return max(size(wave.q_mv), size(wave.s_mv), size(wave.s2_mv))


def height(wave: LeadWaves) -> float:
    """Give the height of the tallest positive deflection of QRS.

    Parameters
    ----------
    wave : LeadWaves
        One lead.

    Returns
    -------
    float
        Magnitude (mV).
    """
    return max(size(wave.r_mv), size(wave.r2_mv))


def net(wave: LeadWaves) -> float:
    """Say which way QRS points in a lead.

    Parameters
    ----------
    wave : LeadWaves
        One lead.

    Returns
    -------
    float
        Net area (mV ms) when measured, else height less depth (mV): its sign is the direction.
    """
    if wave.qrs_area_mvms is not None:
        return wave.qrs_area_mvms
    return height(wave) - depth(wave)
