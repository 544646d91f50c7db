"""What it means that a picture came before: sent twice, or under the name of two patients.

No name and no number of the other patient is said: whoever reads may not be allowed to see them.
"""

from collections.abc import Sequence
from datetime import tzinfo

from workbench.domain.film_print import Twin
from workbench.domain.finding import Finding, Severity

SENT_TWICE = "DR907"
WRONG_PATIENT = "DR908"
RULE = "copy.likeness"


def judge_copies(
    twins: Sequence[Twin], exam_id: str, person_id: str, site_code: str, zone: tzinfo
) -> tuple[Finding, ...]:
    """Say of each film that shows the same picture what that means.

    Parameters
    ----------
    twins : sequence of Twin
        The likest first.
    exam_id, person_id, site_code : str
        Of the film that was looked up.
    zone : tzinfo
        In which days are told.

    Returns
    -------
    tuple of Finding
        At most one DR908 (another patient) and one DR907 (the same patient), each of the likest
        film of its kind; technical, never about a disease.
    """
    found: list[Finding] = []
    other = [one for one in twins if one.film.person_id != person_id]
    same = [one for one in twins if one.film.person_id == person_id]
    if other:
        here = other[0].film.site_code == site_code
        place = "of this institution" if here else "of another institution"
        found.append(
            _finding(WRONG_PATIENT, other[0], zone, [
                f"the same picture lies under another patient {place}",
                f"exams concerned: {len({one.film.exam_id for one in other})}",
                "one of them has the wrong patient; settle it before signing",
            ])
        )  # fmt: skip
    if same:
        within = same[0].film.exam_id == exam_id
        where = "in this exam" if within else "in another exam of this patient"
        found.append(_finding(SENT_TWICE, same[0], zone, [f"the same picture lies {where}"]))
    return tuple(found)


def _finding(code: str, twin: Twin, zone: tzinfo, clauses: list[str]) -> Finding:
    said = [
        *clauses,
        f"it arrived on {twin.film.received_at.astimezone(zone):%Y-%m-%d}",
        f"likeness of the detail {twin.likeness:.2f}",
    ]
    return Finding(
        code=code,
        severity=Severity.TECHNICAL,
        evidence="; ".join(said),
        rule=RULE,
        place={"exam": twin.film.exam_id, "instance": twin.film.instance_id},
    )
