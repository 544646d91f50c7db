"""Times, ages and names as a person should read them; what is not known says so."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from workbench.domain.finding import FindingTerm, Measurement
from workbench.domain.patient import age_on
from workbench.editions import body_parts, finding_terms, reject_reasons
from workbench.language import CONTEXT_MARK

Translate = Callable[[str], str]
_UNITS = {"bpm": "/min", "1/min": "/min", "deg": "°"}  # as a screener writes them, and as read
_UNIT = re.compile(r"(\d) (bpm|1/min|deg)\b")
_CODE = re.compile(r"\b[A-Z]{2}\d{3}\b")
_BABY_YEARS, _CHILD_YEARS = 1 / 12, 2.0


def moment(at: datetime | None, zone: str = "Asia/Shanghai") -> str:
    """Day and time where the institution is, to the second; empty when not known."""
    return "" if at is None else at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S")


def clock(at: datetime | None, zone: str = "Asia/Shanghai") -> str:
    """Time of day where the institution is."""
    return "" if at is None else at.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S")


def day(at: datetime | None, zone: str = "Asia/Shanghai") -> str:
    """Calendar day where the institution is."""
    return "" if at is None else at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d")


def millis(at: datetime | None) -> int | None:
    """Milliseconds since 1970, for clocks that tick in the browser."""
    return None if at is None else round(at.timestamp() * 1000)


def age(birth: date | None, on: datetime, zone: str, _: Translate) -> str:
    """Age on the calendar day of the institution, as doctors count it; empty when not known."""
    years = age_on(birth, on.astimezone(ZoneInfo(zone)).date())
    if years is None:
        return ""
    if years < _BABY_YEARS:
        return _("{n} days").format(n=round(years * 365.2425))
    if years < _CHILD_YEARS:
        return _("{n} months").format(n=int(years * 12))
    return _("{n} years").format(n=int(years))


def sex(value: str | None, _: Translate) -> str:
    """Sex in one word; empty when not known."""
    return named("Sex", value, _) if value in ("M", "F", "O") else ""


def named(context: str, value: object, translate: Translate) -> str:
    """The word of a fixed list as a person reads it; a value without one is shown as it is."""
    key = f"{context}{CONTEXT_MARK}{value}"
    return translate(key)


def part(written: str, translate: Translate) -> str:
    """The part of the body in one word; what a device wrote and nobody knows is shown and said."""
    if not written.strip():
        return ""
    code = body_parts().code(written)
    if code is None:
        return translate("{part} (part not recognised)").format(part=written.strip())
    return named("BodyPart", code, translate)


def statement(term: FindingTerm | None, code: str, language: str) -> str:
    """A coded statement in the reader's language; an unknown code stays a code."""
    if term is None:
        return code
    return term.zh if language == "zh_CN" else term.en


def coded(text: str, language: str) -> str:
    """A sentence with the codes in it said as statements."""
    terms = finding_terms()
    return _CODE.sub(lambda found: statement(terms.get(found[0]), found[0], language), text)


def reject_reason(code: str, language: str) -> str:
    """Why a film is rejected, in the reader's language; an unknown code stays a code."""
    found = reject_reasons().get(code)
    if found is None:
        return code
    return found.zh if language == "zh_CN" else found.en


def amount(one: Measurement, translate: Translate) -> str:
    """A measured number with its unit; one that has an error has as many digits as the error."""
    if one.value is None:
        return ""
    if one.error is not None and one.unit == "1":
        return f"{one.value:.2f} ± {one.error:.2f}"
    unit = "" if one.unit == "1" else translate(_UNITS.get(one.unit, one.unit))
    return f"{one.value:.4g} {unit}".strip()


def evidence(text: str, translate: Translate) -> str:
    """Clauses of a screener, each in the reader's language; an unknown clause stays as it is.

    A sentence of the catalogue may itself hold what parts clauses: one that is unknown alone is
    looked up together with those behind it.
    """
    clauses, said, at = text.split("; "), [], 0
    while at < len(clauses):
        ends = (at + 1, *range(len(clauses), at + 1, -1))
        runs = ((end, "; ".join(clauses[at:end])) for end in ends)
        known = ((end, spoken) for end, run in runs if (spoken := translate(run)) != run)
        at, words = next(known, (at + 1, clauses[at]))
        said.append(words)
    return _UNIT.sub(
        lambda found: found[1] + _unit(found[2], translate), translate("; ").join(said)
    )


def _unit(written: str, translate: Translate) -> str:
    word = translate(_UNITS[written])
    return word if word[0] in "/°" else f" {word}"


def spoken(texts: Iterable[str], translate: Translate) -> dict[str, str]:
    """The dictionary a widget looks its sentences up in."""
    return {text: translate(text) for text in texts}
