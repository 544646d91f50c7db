"""Files of an exam that the page cannot show: which one, and why."""

from workbench.language import translator
from workbench.panels import words
from workbench.workflow.exams import Case
from workbench.workflow.missing_pictures import Missing, missing_pictures, reason_in_words


def refused(case: Case, language: str) -> list[dict[str, str]]:
    """Files without a display copy, in order of arrival, with the reason of the screening's gate.

    One that was not looked at yet says that its picture is being made.
    """
    return [
        _view(one, len(case.files), language)
        for one in missing_pictures(case.files, case.copies, case.screenings)
    ]


def _view(one: Missing, files: int, language: str) -> dict[str, str]:
    _ = translator(language)
    said = (
        words.named(noun, one.file.header[key], _)
        if one.file.header.get(key) not in (None, "", "U")
        else ""
        for noun, key in (("View", "view"), ("Laterality", "laterality"))
    )
    reason = reason_in_words(one.reason, _)
    return {
        "id": one.file.id,
        "label": " ".join(part for part in (f"{one.number}/{files}", *said) if part),
        "reason": reason or _("The picture of this file is still being made."),
        "state": "refused" if reason else "coming",
    }
