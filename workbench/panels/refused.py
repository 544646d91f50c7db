"""Files of an exam that the page cannot show: which one, and why."""

from workbench.language import translator
from workbench.panels import viewers
from workbench.workflow.exams import Case
from workbench.workflow.missing_pictures import Missing, missing_pictures, reason_in_words


def refused(case: Case, language: str) -> list[dict[str, str]]:
    """Files without a display copy, in order of arrival, with the reason of the screening's gate.

    One that was not looked at yet says that its picture is being made.
    """
    return [
        _view(case, one, language)
        for one in missing_pictures(case.files, case.copies, case.screenings)
    ]


def _view(case: Case, one: Missing, language: str) -> dict[str, str]:
    _ = translator(language)
    reason = reason_in_words(one.reason, _)
    return {
        "id": one.file.id,
        "label": viewers.title(case, one.number, one.file, _),
        "reason": reason or _("The picture of this file is still being made."),
        "state": "refused" if reason else "coming",
    }
