"""Which films of an exam lie beside each other, and which earlier film belongs beside which."""

from collections.abc import Sequence

from workbench.domain.hanging import (
    EARLIER,
    IN_ORDER,
    Earlier,
    Film,
    Hanging,
    HangingRule,
    HangingTable,
    Layout,
    Place,
)


def hang(films: Sequence[Film], earlier: Earlier, table: HangingTable) -> Hanging:
    """Hang the films of an exam by the first rule that holds.

    Parameters
    ----------
    films : sequence of Film, shape (n,)
        In the order of the exam.
    earlier : Earlier
        Whether there is an exam of before to compare with, and whether it is asked for.
    table : HangingTable
        Rules in their order.

    Returns
    -------
    Hanging
        One empty place when there is no film or no rule holds.

    References
    ----------
    Roles are read from ViewPosition (0018,5101) and Image Laterality (0020,0062), DICOM PS3.3.
    """
    for rule in table.rules:
        places = _filled(rule, films, earlier, table)
        if places:
            return Hanging(rule.layout, places, rule.name)
    return Hanging(Layout.ONE, tuple(Place(f) for f in films[:1]))


def _filled(
    rule: HangingRule, films: Sequence[Film], earlier: Earlier, table: HangingTable
) -> tuple[Place, ...]:
    if earlier not in rule.earlier or not rule.least <= len(films) <= rule.most:
        return ()
    cast: dict[str, Film] = dict(zip(IN_ORDER, films, strict=False))
    taken: set[str] = set()
    for role in rule.films:
        if role not in IN_ORDER:
            fitting = (f for f in films if f.id not in taken and has_role(f, role, table))
            one = next(fitting, None)
            if one is None:
                return ()
            cast[role] = one
            taken.add(one.id)
        elif role not in cast:
            return ()
    shown = [(name.removeprefix(EARLIER), name.startswith(EARLIER)) for name in rule.show]
    return tuple(Place(cast[role], before) for role, before in shown if role in cast)


def has_role(film: Film, role: str, table: HangingTable) -> bool:
    """Say whether a film plays a role.

    Parameters
    ----------
    film : Film
        What its file says.
    role : str
        A role of the table.
    table : HangingTable
        Words by role.

    Returns
    -------
    bool
        False where the file says nothing.
    """
    said = {film.view.strip().upper(), film.side.strip().upper()} - {""}
    return bool(said & table.roles[role])


def earlier_of(film: Film, before: Sequence[Film], table: HangingTable) -> Film | None:
    """Find the film of an earlier exam that shows what a film shows.

    Parameters
    ----------
    film : Film
        Of the present exam.
    before : sequence of Film, shape (n,)
        Of the earlier exam.
    table : HangingTable
        Words by role.

    Returns
    -------
    Film or None
        The first one whose view and side do not contradict the film's; None where all do.
    """
    views = [role for role in table.roles if role not in ("right", "left")]

    def agrees(other: Film) -> bool:
        sides = {film.side.strip().upper(), other.side.strip().upper()} & {"R", "L"}
        mine = [role for role in views if has_role(film, role, table)]
        theirs = [role for role in views if has_role(other, role, table)]
        return len(sides) < 2 and (not mine or not theirs or bool(set(mine) & set(theirs)))

    return next((other for other in before if agrees(other)), None)
