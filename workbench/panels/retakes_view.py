"""Requests to take a film again, as the clinic and as a reader see them."""

from collections.abc import Callable, Mapping, Sequence

from workbench.domain.actor import Act, Actor
from workbench.domain.kinds import ExamKind
from workbench.domain.retake import (
    ANSWERED_RETAKES,
    OPEN_RETAKES,
    Refusal,
    Retake,
    RetakeMove,
    RetakeState,
)
from workbench.editions import reject_reasons, retake_advice
from workbench.language import label, translator
from workbench.panels import addresses, viewers, words
from workbench.store.instances import Instance
from workbench.workflow.exams import Case
from workbench.workflow.retakes import BY_SCREENING, TrackedRetake

_AGAIN = frozenset({RetakeState.DECLINED, RetakeState.WITHDRAWN, RetakeState.RETAKEN})


def of_clinic(one: TrackedRetake, actor: Actor, name: Callable[[str], str]) -> dict[str, object]:
    """One request as the technician needs it: who, what is wrong, what to do, how long it waits."""
    _ = translator(actor.language)
    asked, found = one.retake, one.found
    zone = found.time_zone if found else "Asia/Shanghai"
    who = part = ""
    if found is not None:
        age = words.age(found.birth_date, found.exam.taken_at, zone, _)
        number = "" if found.local_id.startswith("?") else found.local_id
        named = found.patient_name or _("name not given")
        who = " ".join(p for p in (named, words.sex(found.sex, _), age, number) if p)
        part = words.part(found.exam.body_part, _)
    return {
        **_asked(one, actor.language, zone),
        "exam": asked.exam_id,
        "who": who,
        "part": part,
        "source": _("Asked by the automatic look at quality")
        if asked.source == BY_SCREENING
        else _("Asked by {name}").format(name=name(asked.asked_by)),
        "picture": addresses.retake(asked.id),
        "later": [{"id": i.id, "label": film_label(i, zone, _)} for i in one.later],
    }


def refusals(language: str) -> list[dict[str, str]]:
    """Why a film may not be taken again."""
    _ = translator(language)
    return [{"value": r.value, "label": label(r, _)} for r in Refusal]


def film_label(one: Instance, zone: str, _: words.Translate) -> str:
    """A later film in a few words: when it came, and its view as far as the file says it."""
    view = str(one.header.get("view") or "")
    said = (words.moment(one.received_at, zone)[5:16], view and words.named("View", view, _))
    return " ".join(part for part in said if part)


def of_case(case: Case, actor: Actor) -> dict[str, object]:
    """What the reading page shows of requests for the films of a case, and what may be asked."""
    _ = translator(actor.language)
    may = actor.may(Act.RETAKE_ASK) and case.exam.kind is ExamKind.DR
    titles = {f.id: viewers.title(case, n, f, _) for n, f in enumerate(case.files, start=1)}
    held = {one.retake.instance_id for one in case.retakes if one.retake.state not in _AGAIN}
    zone = case.site.time_zone
    return {
        "may": may,
        "rows": [_row(one, case, titles, actor) for one in case.retakes],
        "films": [{"id": k, "label": t} for k, t in titles.items() if k not in held] if may else [],
        "reasons": [
            {"code": code, "label": words.reject_reason(code, actor.language)}
            for code in reject_reasons()
        ]
        if may
        else [],
        "zone": zone,
    }


def _row(
    one: TrackedRetake, case: Case, titles: Mapping[str, str], actor: Actor
) -> dict[str, object]:
    asked, may = one.retake, actor.may(Act.RETAKE_ASK)
    own = asked.exam_id == case.exam.id
    return {
        **_asked(one, actor.language, case.site.time_zone),
        "own": own,
        "film": titles.get(asked.instance_id, "") if len(titles) > 1 else "",
        "answer_film": titles.get(asked.answer_id or "", ""),
        "withdraw": may and asked.state in OPEN_RETAKES,
        "close": may and asked.state in ANSWERED_RETAKES,
    }


def _asked(one: TrackedRetake, language: str, zone: str) -> dict[str, object]:
    """What both sides see of a request."""
    _, asked = translator(language), one.retake
    said = _words(one.steps[-1].detail) if one.steps else ""
    return {
        "id": asked.id,
        "state": asked.state.value,
        "state_label": label(asked.state, _),
        "open": asked.state in OPEN_RETAKES,
        "seen": asked.state is not RetakeState.REQUESTED,
        "reasons": _reasons(asked, language),
        "evidence": words.evidence(asked.evidence, _),
        "by_machine": asked.source == BY_SCREENING,
        "at": words.moment(asked.asked_at, zone),
        "since": words.millis(asked.asked_at),
        "due": words.millis(asked.due_at),
        "refusal": label(asked.refusal, _) if asked.refusal else "",
        "words": said if asked.state not in OPEN_RETAKES else "",
        "steps": [
            {"move": step_label(s.move, _), "at": words.moment(s.at, zone)} for s in one.steps
        ],
    }


def _words(detail: Mapping[str, object]) -> str:
    return str(detail.get("words") or "")


def step_label(move: str, _: words.Translate) -> str:
    """A step of the register; the first one is no move."""
    return _("asked") if move == "ask" else label(RetakeMove(move), _)


def _reasons(asked: Retake, language: str) -> Sequence[dict[str, str]]:
    """Each reject reason with what to do better."""
    advice, spoken = retake_advice(), "zh" if language == "zh_CN" else "en"
    return [
        {
            "code": code,
            "label": words.reject_reason(code, language),
            "advice": advice[code][spoken] if code in advice else "",
        }
        for code in asked.reasons
    ]
