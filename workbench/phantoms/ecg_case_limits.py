"""ST limits by which a drawn case is named, written apart from the rules tested with it."""

from collections.abc import Mapping

# Order in which limb leads look around the heart; the sign turns aVR.
NEIGHBOURS = (
    (("aVL", 1), ("I", 1), ("aVR", -1), ("II", 1), ("aVF", 1), ("III", 1)),
    (("V1", 1), ("V2", 1), ("V3", 1), ("V4", 1), ("V5", 1), ("V6", 1)),
)


def universal(st_mv: Mapping[str, float], sex: str, age: float) -> list[tuple[str, str]]:
    """Find neighbouring leads that are both elevated.

    Parameters
    ----------
    st_mv : mapping of str to float
        J point by lead (mV).
    sex : str
        ``M``, ``F`` or empty; empty takes the most sensitive limit.
    age : float
        Years.

    Returns
    -------
    list of tuple of str
        Pairs of leads.

    References
    ----------
    .. [1] Thygesen K et al. Fourth universal definition of myocardial infarction (2018).
       Circulation 2018;138:e618-e651, table 2.
    """
    front = {"M": 0.25 if age < 40 else 0.20}.get(sex, 0.15)
    found = []
    for order in NEIGHBOURS:
        over = [
            sign * st_mv[lead] >= (front if lead in ("V2", "V3") else 0.1) - 1e-9
            for lead, sign in order
        ]
        found += [
            (order[n][0], order[n + 1][0]) for n in range(len(order) - 1) if over[n] and over[n + 1]
        ]
    return found
