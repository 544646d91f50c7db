"""Where another program sees something else than we do: "check this", and never more."""

from collections.abc import Mapping

from workbench.domain.rulebook import RuleBook

NAMES = {"pr_ms": "PR", "qrs_ms": "QRS", "qt_ms": "QT"}


def check_numbers(
    ours: Mapping[str, float | None],
    theirs: Mapping[str, float],
    who: str,
    book: RuleBook,
) -> tuple[str, ...]:
    """Name every interval on which two programs lie too far apart.

    Parameters
    ----------
    ours, theirs : mapping of str to float or None
        ``pr_ms, qrs_ms, qt_ms`` (ms). A PR of theirs where we see no P is named too; what they do
        not give is passed over.
    who : str
        Name and version of the other program.
    book : RuleBook
        Must hold ``opinion.pr_apart``, ``opinion.qrs_apart`` and ``opinion.qt_apart``, all in ms.

    Returns
    -------
    tuple of str
        One sentence each, with both numbers.

    Raises
    ------
    BadRuleBook
        If the book lacks one of the limits.
    """
    limits = {
        "pr_ms": book["opinion.pr_apart"],
        "qrs_ms": book["opinion.qrs_apart"],
        "qt_ms": book["opinion.qt_apart"],
    }
    said = []
    for name, limit in limits.items():
        other, own = theirs.get(name), ours.get(name)
        if other is None:
            continue
        if own is None:
            said.append(f"check this: {NAMES[name]} not measured here, {other:.0f} ms by {who}")
        elif (apart := abs(other - own)) > limit.value:
            said.append(
                f"check this: {NAMES[name]} {own:.0f} ms here, {other:.0f} ms by {who},"
                f" {apart:.0f} ms apart, more than {limit.value:g} ms [{limit.id}]"
            )
    return tuple(said)


def check_fibrillation(
    *, ours: bool, share: float | None, who: str, book: RuleBook
) -> tuple[str, ...]:
    """Say where only one of two programs sees atrial fibrillation.

    Parameters
    ----------
    ours : bool
        Whether a statement here names atrial fibrillation.
    share : float or None
        Share of the recording (0 to 1) that the other program calls so; None when it gives none.
    who : str
        Name and version of the other program.
    book : RuleBook
        Must hold ``opinion.rhythm_sure``, without unit.

    Returns
    -------
    tuple of str
        One sentence, or nothing.

    Raises
    ------
    BadRuleBook
        If the book lacks the limit.
    """
    limit = book["opinion.rhythm_sure"]
    if share is None or ours is (share >= limit.value) or (ours and share > 1 - limit.value):
        return ()
    here = "stated" if ours else "not stated"
    seen = f"{100 * share:.0f} % of the recording by {who} [{limit.id}]"
    return (f"check this: atrial fibrillation {here} here, {seen}",)
