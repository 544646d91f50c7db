"""The report as the page shows it: draft, signed versions, texts to start from, words to choose."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from workbench.domain.actor import Act, Actor
from workbench.domain.exam import ExamState
from workbench.domain.kinds import ExamKind
from workbench.domain.patient import age_on
from workbench.domain.report import Certainty, ReportKind, Side, SignedReport
from workbench.domain.statement import Verdict
from workbench.editions import (
    body_parts,
    fill_template,
    finding_terms,
    report_templates,
    rule_book,
)
from workbench.language import label, translator
from workbench.panels import addresses, signed_marks, words
from workbench.store.reports import Retraction
from workbench.workflow.exams import Case

_SIDES = ("L", "R", "B")
TEXTS_BOOK = "report-texts-2026.1"
EDITABLE = frozenset({ExamState.RECEIVED, ExamState.WAITING, ExamState.RETRACTED})


def view(case: Case, actor: Actor) -> dict[str, object]:
    """Draft, signed versions, and what this person may do with them."""
    exam = case.exam
    own = exam.lease_by == actor.username
    free = case.exam.lease_by is None or own
    return {
        "key": exam.id,
        "state": exam.state.value,
        "recheck": words.moment(exam.recheck_since, case.site.time_zone),
        "editable": exam.state in EDITABLE and free and actor.may(Act.DRAFT_WRITE),
        "draft": case.draft.body.as_dict() if case.draft else None,
        "draft_at": words.clock(case.draft.saved_at) if case.draft else "",
        "draft_by": case.draft.author if case.draft else "",
        "versions": versions(case, actor),
        "may": {
            "sign": actor.may(Act.REPORT_SIGN),
            "countersign": exam.state is ExamState.SIGNED
            and actor.may(Act.REPORT_COUNTERSIGN)
            and bool(case.versions)
            and case.versions[-1].author != actor.username,
            "no_change": exam.recheck_since is not None
            and exam.state is ExamState.RELEASED
            and actor.may(Act.REPORT_SIGN),
            "add": exam.state is ExamState.RELEASED and actor.may(Act.REPORT_SIGN),
            "retract": exam.state is ExamState.RELEASED and actor.may(Act.REPORT_RETRACT),
            "give_back": own and exam.state in EDITABLE,
        },
    }


def versions(case: Case, actor: Actor) -> list[dict[str, object]]:
    """All signed versions, each with the released ones that came after it."""
    zone = case.site.time_zone
    seen = [
        {**version(v, case.retractions.get(v.id), zone, actor),
         **signed_marks.view(case, v, actor.language)}
        for v in case.versions
    ]  # fmt: skip
    for number, one in enumerate(seen):
        one["later"] = [
            {k: v[k] for k in ("number", "addendum", "released", "pdf")}
            for v in seen[number + 1 :]
            if v["released"]
        ]
    return seen


def version(
    one: SignedReport, gone: Retraction | None, zone: str, actor: Actor
) -> dict[str, object]:
    """One signed version."""
    _, terms = translator(actor.language), finding_terms()
    return {
        "id": one.id,
        "number": one.version,
        "addendum": one.kind is ReportKind.ADDENDUM,
        "findings": one.body.findings,
        "impression": one.body.impression,
        "coded": [
            " ".join(
                p
                for p in (
                    label(c.side, _) if c.side else "",
                    words.statement(terms.get(c.code), c.code, actor.language),
                    "" if c.certainty is Certainty.DEFINITE else f"({label(c.certainty, _)})",
                )
                if p
            )
            for c in one.body.coded
        ],
        "judged": judged_then(one, actor.language),
        "author": one.author_name,
        "licence": one.licence_number,
        "signed": words.moment(one.signed_at, zone),
        "countersigned": one.countersigned_by or "",
        "released": words.moment(one.released_at, zone),
        "digest": one.digest[:16],
        "pdf": addresses.report(one.id),
        "retracted": words.moment(gone.at, zone) if gone else "",
        "retracted_by": gone.by_name if gone else "",
        "retraction_reason": gone.reason if gone else "",
    }


def judged_then(one: SignedReport, language: str) -> list[dict[str, str]]:
    """Statements of the screening as they stood when this version was signed."""
    _, terms, kept = translator(language), finding_terms(), one.facts.get("statements")
    rows = [s for s in kept if isinstance(s, Mapping)] if isinstance(kept, list) else []
    return [
        {
            "label": words.statement(terms.get(s["code"]), s["code"], language),
            "verdict": s["verdict"],
            "verdict_label": label(Verdict(s["verdict"]), _) if s["verdict"] else _("not decided"),
        }
        for s in rows
    ]


def of_film(case: Case, language: str) -> dict[str, str]:
    """What the files themselves say of a film exam: the part, and the side when all agree on it."""
    _, parts = translator(language), body_parts()
    code = parts.code(case.exam.body_part)
    sides = {str(f.header.get("laterality") or "").upper() for f in case.files}
    said = {"part": words.named("BodyPart", code, _)} if code and code not in parts.vague else {}
    side = sides.pop() if len(sides) == 1 else ""
    return {**said, "side": words.named("ReportSide", side, _)} if side in _SIDES else said


def age_of(case: Case) -> str | None:
    """Child or adult on the day of the exam; None when no birth date is known."""
    day = case.exam.taken_at.astimezone(ZoneInfo(case.site.time_zone)).date()
    years = age_on(case.patient.birth_date, day)
    if years is None:
        return None
    return "child" if years < rule_book(TEXTS_BOOK)["child.below"].value else "adult"


def templates(
    kind: ExamKind,
    values: Mapping[str, float | str | None],
    language: str,
    *,
    part: str | None = None,
    age: str | None = None,
) -> list[dict[str, object]]:
    """Report texts for this kind of exam, filled with what is known; open gaps stay visible.

    Those written for this part and age stand first; others stay at hand, for a part may be wrong.
    """
    found = []
    for key, one in report_templates().items():
        if one.kind is not kind:
            continue
        spoken = language if language in one.texts else next(iter(one.texts))
        filled = fill_template(key, spoken, values)
        found.append({
            "id": key,
            "name": one.text(spoken).name,
            "findings": filled.findings,
            "impression": filled.impression,
            "codes": list(filled.codes),
            "fits": one.fits(part, age),
        })  # fmt: skip
    return sorted(found, key=lambda x: not x["fits"])


def vocabulary(language: str) -> dict[str, list[dict[str, object]]]:
    """Coded statements by kind of exam, for the picker in the browser."""
    _ = translator(language)
    found: dict[str, list[dict[str, object]]] = {}
    for term in finding_terms().values():
        if term.modality == ExamKind.OTHER:
            continue
        found.setdefault(term.modality, []).append({
            "code": term.code,
            "label": words.statement(term, term.code, language),
            "search": f"{term.code} {term.zh} {term.en}".lower(),
            "severity": term.severity.value,
            "severity_label": label(term.severity, _),
            "side": term.needs_side,
        })  # fmt: skip
    return found


def choices(language: str) -> dict[str, list[dict[str, str]]]:
    """Sides and degrees of certainty."""
    _ = translator(language)
    return {
        "sides": [{"value": s.value, "label": label(s, _) if s else "—"} for s in Side],
        "certainties": [{"value": c.value, "label": label(c, _)} for c in Certainty],
    }
