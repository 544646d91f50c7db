"""ST of single leads against the limit for lead, age and sex; which leads lie beside each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbench.domain.context import PatientContext
from workbench.domain.rulebook import RuleBook, Threshold
from workbench.ecg.facts import EcgFacts, LeadWaves
from workbench.rules.ecg_evidence import AT_LEAST, against, printed

FRONTAL = ("aVL", "I", "-aVR", "II", "aVF", "III")
FRONT = ("V1", "V2", "V3", "V4", "V5", "V6")
CHEST = (*FRONT, "V7", "V8", "V9")
RIGHT = ("V3R", "V4R", "V5R")
BACK = ("V7", "V8", "V9")
TWELVE = ("I", "II", "III", "aVR", "aVL", "aVF", *FRONT)
AGE_UNKNOWN = "age unknown, so the most sensitive limit is taken"
SEX_UNKNOWN = "sex unknown, so the most sensitive limit is taken"


@dataclass(frozen=True, slots=True)
class StLead:
    """ST of one lead at J (mV, printed), 60 and 80 ms later, its slope, and its standard error."""

    name: str
    j: float
    j60: float | None
    j80: float | None
    slope: float | None
    noise: float


def st_leads(facts: EcgFacts) -> dict[str, StLead]:
    """Give ST of every lead that has one; aVR also turned round, as -aVR.

    Parameters
    ----------
    facts : EcgFacts
        The recording.

    Returns
    -------
    dict of str to StLead
        By lead.
    """
    found = {w.lead: _of(w) for w in facts.leads.values() if w.st_j_mv is not None}
    avr = found.get("aVR")
    if avr is not None:
        found["-aVR"] = StLead(
            "-aVR", -avr.j, _minus(avr.j60), _minus(avr.j80), _minus(avr.slope), avr.noise
        )
    return found


def noisy_leads(facts: EcgFacts, book: RuleBook) -> tuple[str, ...]:
    """List the leads whose ST is too uncertain to be assessed.

    Parameters
    ----------
    facts : EcgFacts
        The recording.
    book : RuleBook
        Must hold ``st.noise``.

    Returns
    -------
    tuple of str
        In the order of the recording.
    """
    most = book["st.noise"].value
    return tuple(name for name, w in facts.leads.items() if (w.noise_mv or 0.0) > most)


def elevation_limit(
    lead: str, context: PatientContext, book: RuleBook
) -> tuple[Threshold, tuple[str, ...]]:
    """Give the limit of ST elevation for a lead.

    Parameters
    ----------
    lead : str
        Name.
    context : PatientContext
        Age and sex; what is unknown makes the limit the most sensitive one.
    book : RuleBook
        Must hold ``ste.*``.

    Returns
    -------
    tuple of Threshold and tuple of str
        The limit, and what has to be said about it.

    References
    ----------
    .. [1] Thygesen K et al. Fourth Universal Definition of Myocardial Infarction. Circulation
       2018;138:e618-e651.
    """
    if lead in {"V2", "V3"}:
        keys = ("ste.v2_v3_women", "ste.v2_v3_men", "ste.v2_v3_young_men", "ste.young")
    elif lead in BACK:
        keys = ("ste.back", "ste.back", "ste.back_young_men", "ste.young")
    elif lead in RIGHT:
        keys = ("ste.right", "ste.right", "ste.right_young_men", "ste.young_right")
    else:
        return book["ste.other"], ()
    sensitive, men, young, years = keys
    if context.sex not in {"M", "F"}:
        return book[sensitive], (SEX_UNKNOWN,)
    if context.sex == "F":
        return book[sensitive], ()
    if context.age_years is None:
        return book[men], (AGE_UNKNOWN,)
    return book[young if context.age_years < book[years].value else men], ()


def is_elevated(st: StLead, limit: Threshold, book: RuleBook) -> bool:
    """Say whether ST of a lead reaches its limit.

    Parameters
    ----------
    st : StLead
        One lead.
    limit : Threshold
        Of `elevation_limit`.
    book : RuleBook
        Must hold ``ste.lasting``, ``ste.lasting_late``, ``st.noise`` and ``st.sure``.

    Returns
    -------
    bool
        True when J reaches it, the segment is still raised 60 and 80 ms later, and noise cannot
        be the reason. The end of QRS and flutter waves fall back to the base line by then.
    """
    if printed(st.j, limit.unit) < limit.value:
        return False
    for later, key in ((st.j60, "ste.lasting"), (st.j80, "ste.lasting_late")):
        if later is not None and later < book[key].value * limit.value:
            return False
    return _sure(st.j - limit.value, st, book)


def is_depressed(st: StLead, limit: Threshold, book: RuleBook) -> bool:
    """Say whether ST of a lead is horizontally or down-sloping depressed to a limit.

    Parameters
    ----------
    st : StLead
        One lead.
    limit : Threshold
        Magnitude (mV).
    book : RuleBook
        Must hold ``std.slope``, ``st.noise`` and ``st.sure``.

    Returns
    -------
    bool
        True when J and J + 80 ms reach it and the segment does not climb.
    """
    if printed(-st.j, limit.unit) < limit.value:
        return False
    if st.j80 is not None and printed(-st.j80, limit.unit) < limit.value:
        return False
    if st.slope is not None and st.slope > book["std.slope"].value:
        return False
    return _sure(-st.j - limit.value, st, book)


def neighbours(
    names: Sequence[str], rows: Sequence[Sequence[str]] = (FRONTAL, CHEST, RIGHT)
) -> tuple[str, ...]:
    """Keep the leads that have a neighbour among them.

    Parameters
    ----------
    names : sequence of str
        Leads.
    rows : sequence of sequence of str, optional
        Leads in the order in which they look at the heart.

    Returns
    -------
    tuple of str
        In the order of the rows.
    """
    kept: list[str] = []
    for row in rows:
        for one, other in pairwise(row):
            if one in names and other in names:
                kept += [lead for lead in (one, other) if lead not in kept]
    return tuple(kept)


def elevated_leads(
    facts: EcgFacts,
    context: PatientContext,
    book: RuleBook,
    counts: Callable[[StLead], bool] = lambda _: True,
) -> tuple[dict[str, StLead], tuple[str, ...]]:
    """Find the leads with ST elevation that have a neighbour with it.

    Parameters
    ----------
    facts : EcgFacts
        The recording.
    context : PatientContext
        Age and sex.
    book : RuleBook
        Must hold ``ste.*``.
    counts : callable, optional
        Says of a raised lead whether it counts.

    Returns
    -------
    tuple of dict and tuple of str
        ST of those leads by name, and one clause for each with its limit, then remarks.
    """
    all_st = st_leads(facts)
    raised = [
        name
        for name, st in all_st.items()
        if name != "aVR"
        and is_elevated(st, elevation_limit(name, context, book)[0], book)
        and counts(st)
    ]
    kept = neighbours(raised)
    clauses: list[str] = []
    remarks: list[str] = []
    for name in kept:
        limit, said = elevation_limit(name, context, book)
        clauses.append(against(f"ST at J in lead {name}", all_st[name].j, AT_LEAST, limit, book))
        remarks += said
    return {name: all_st[name] for name in kept}, (*clauses, *dict.fromkeys(remarks))


def _of(wave: LeadWaves) -> StLead:
    return StLead(
        wave.lead,
        wave.st_j_mv or 0.0,
        wave.st_j60_mv,
        wave.st_j80_mv,
        wave.st_slope_mv_s,
        wave.noise_mv or 0.0,
    )


def _minus(value: float | None) -> float | None:
    return None if value is None else -value


def _sure(beyond: float, st: StLead, book: RuleBook) -> bool:
    return st.noise <= book["st.noise"].value or beyond >= book["st.sure"].value * st.noise
