"""What an evaluation showed of a finding, in clauses. Pages say it too: nothing heavy here."""

from workbench.domain.operating_point import OperatingPoint

# Sentences as the catalogue holds them, gaps filled here.
_POINT = "found {sensitivity} of {positives}, left alone {specificity} of {negatives} without it"
_FILMS = "evaluated {day} on {films}"  # a place that holds commas stands last


def point_said(point: OperatingPoint) -> str:
    """Say what an evaluation showed of a finding.

    Parameters
    ----------
    point : OperatingPoint
        Of a finding that is on.

    Returns
    -------
    str
        Clauses: the two shares where there was something to count, then the films and the day.
    """
    clauses = []
    if point.sensitivity is not None and point.specificity is not None:
        clauses.append(
            _POINT.format(
                sensitivity=f"{point.sensitivity:.0%}",
                positives=point.positives,
                specificity=f"{point.specificity:.0%}",
                negatives=point.negatives,
            )
        )
    clauses.append(_FILMS.format(films=point.films, day=point.day))
    return "; ".join(clauses)
