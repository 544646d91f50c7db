"""Whether a model's threshold may flag anything here: by what it did on cases of the house."""

from dataclasses import dataclass

from workbench.domain.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class TrialCount:
    """Cases of one finding at one threshold.

    Attributes
    ----------
    found, missed : int
        Cases that have the finding, flagged and not flagged.
    cleared, false_alarms : int
        Cases that do not have it, not flagged and flagged.
    """

    found: int
    missed: int
    cleared: int
    false_alarms: int

    @property
    def positives(self) -> int:
        """Cases that have the finding."""
        return self.found + self.missed

    @property
    def negatives(self) -> int:
        """Cases that do not."""
        return self.cleared + self.false_alarms


def judge_trial(count: TrialCount, book: RuleBook) -> str:
    """Say why a threshold is not confirmed by its trial.

    Parameters
    ----------
    count : TrialCount
        What the threshold did.
    book : RuleBook
        Must hold ``trial.positives``, ``trial.negatives`` and ``trial.youden``.

    Returns
    -------
    str
        The reason, or "" when the threshold is confirmed.
    """
    least = book["trial.positives"].value
    if count.positives < least:
        return f"{count.positives} cases with the finding; at least {least:g} are needed"
    least = book["trial.negatives"].value
    if count.negatives < least:
        return f"{count.negatives} cases without the finding; at least {least:g} are needed"
    cases = count.positives * count.negatives  # whole numbers: the limit itself is no coin
    gained = count.found * count.negatives + count.cleared * count.positives - cases
    least = book["trial.youden"].value
    if gained < least * cases:
        return (
            f"sensitivity + specificity - 1 is {gained / cases:.2f}; at least {least:g} is needed"
        )
    return ""
