"""Turns a printed ECG into labelled lines in one language; no typesetting and no file here."""

from collections.abc import Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

from workbench.domain.beat import whole
from workbench.domain.ecg_sheet import EcgLook, EcgSheet, SheetNumbers
from workbench.domain.report_page import PageMark
from workbench.ecg.paper import GAINS, Sheet
from workbench.ecg.view_filters import MAINS, ViewFilter
from workbench.formats.report_layout import age, clock, sex
from workbench.language import label

Translate = Callable[[str], str]
LONGEST_IMPRESSION = 260  # characters beside the paper; the report itself holds the whole
LONGEST_MESSAGE = 110
MOST_MESSAGES = 6
ABSENT = "—"


def filter_of(look: EcgLook) -> ViewFilter:
    """The filter of a look."""
    return ViewFilter(look.high_pass, look.low_pass, look.notch)


def beside(sheet: EcgSheet, translate: Translate) -> dict[str, object]:
    """Everything above and below the paper that is the same on all its pages."""
    _ = translate
    return {
        "heading": _("ECG tracing"),
        "reading": sheet.reading,
        "institutions": _pairs(
            [
                (_("Examining institution"), sheet.examining),
                (_("Reading institution"), sheet.reading),
            ],
            _,
        ),
        "facts": [list(pair) for pair in _facts(sheet, _)],
        "colon": _(": "),
        "numbers": _numbers(sheet, _),
        "report": _report(sheet, _),
        "statements": (
            _cut(_("Stated by the device: {text}").format(text="; ".join(sheet.statements)),
                 _on_page(_), 200)
            if sheet.statements
            else ""
        ),
        "warnings": _warnings(sheet, _),
        "disclaimers": " ".join([
            _(
                "Algorithm prompts are not registered as a medical device and are for reference "
                "only; the signing doctor answers for the diagnosis."
            ),
            _("This software is not a registered medical device."),
        ]),
        "printed": _printed(sheet, _),
    }  # fmt: skip


def marks_of(sheet: EcgSheet, translate: Translate) -> list[str]:
    """Words across every page."""
    _ = translate
    words = []
    if sheet.report is not None and sheet.report.mark is PageMark.RETRACTED:
        words.append(_("Recalled, void"))
    return [*words, _("Demonstration, not for care")] if sheet.demo else words


def below(
    sheet: EcgSheet, part: Sheet, drawn: tuple[Sequence[float], Sequence[str]], translate: Translate
) -> list[dict[str, object]]:
    """The line under the paper: scale, filter, time, what distorts, what the edge cuts.

    `drawn` are filter edges that could not be had, and leads that leave the paper.
    """
    _, look, trace = translate, sheet.look, sheet.trace
    left_out, over = drawn
    wanted = filter_of(look)
    plain = [f"{look.speed:g} mm/s"]
    if trace.calibrated:
        plain.append(f"{look.gain:g} mm/mV")
    plain += [
        filter_words(wanted, _),
        _("{rate} Hz").format(rate=f"{trace.rate:g}"),
        _("{begin} to {end} s of {all} s").format(
            begin=f"{part.begin:g}", end=f"{part.end:.4g}", all=f"{trace.seconds:.6g}"
        ),
        _("true size"),
    ]
    if any(c.lead in trace.derived for c in part.cells):
        plain.append(_("* computed from other leads"))
    red = []
    if left_out:
        edges = ", ".join(f"{hertz:g} Hz" for hertz in left_out)
        red.append(_("not possible at this sampling rate: {edges}").format(edges=edges))
    if wanted.bends_st:
        red.append(_("ST and notches may be distorted"))
    if over:
        says = _("{leads} beyond the edge of the paper: choose a smaller gain")
        if look.gain <= min(GAINS):
            says = _("{leads} beyond the edge of the paper")
        red.append(says.format(leads=", ".join(over)))
    return [*({"text": t, "warn": False} for t in plain), *({"text": t, "warn": True} for t in red)]


def names_on(sheet: EcgSheet, part: Sheet, translate: Translate) -> list[dict[str, object]]:
    """Lead names with their places (mm on the paper)."""
    up = min(part.row_height * 0.36, 9.0)
    found = []
    for cell in part.cells:
        name = cell.name + ("*" if cell.lead in sheet.trace.derived else "")
        absent = cell.index < 0
        found.append({
            "x": cell.x0 + 1,
            "y": cell.baseline - up,
            "text": f"{name} {translate('not recorded')}" if absent else name,
            "warn": absent,
        })  # fmt: skip
    return found


def filter_words(wanted: ViewFilter, translate: Translate) -> str:
    """The filter as a reader says it."""
    _ = translate
    parts = []
    if wanted.high_pass:
        parts.append(_("high pass {edge} Hz").format(edge=f"{wanted.high_pass:g}"))
    if wanted.low_pass:
        parts.append(_("low pass {edge} Hz").format(edge=f"{wanted.low_pass:g}"))
    if wanted.notch:
        parts.append(_("notch {edge} Hz").format(edge=f"{MAINS:g}"))
    if not parts:
        return _("not filtered")
    return _("filter: {parts} (zero phase)").format(parts=_(", ").join(parts))


def _facts(sheet: EcgSheet, _: Translate) -> list[tuple[str, str]]:
    empty, patient, zone = _("not given"), sheet.patient, sheet.time_zone
    when = clock(sheet.exam_at, zone, seconds=True) or empty
    return [
        (_("Name"), f"{patient.name or empty}  {sex(patient, _)}  {age(patient, _)}"),
        (_("Patient no."), patient.local_id or empty),
        (_("Accession no."), sheet.accession or empty),
        (_("Exam time (device clock)"), when),
        (
            _("Received (server clock)"),
            clock(sheet.received_at, zone, seconds=True) or _("not recorded"),
        ),
    ]


COLUMNS = ("heart_rate_bpm", "p_ms", "pr_ms", "qrs_ms", "qt_ms")


def _numbers(sheet: EcgSheet, _: Translate) -> dict[str, object]:
    head = [
        "", _("Rate (/min)"), "P (ms)", "PR (ms)", "QRS (ms)", "QT (ms)", "QTc (ms)",
        _("Axis P/QRS/T (°)"),
    ]  # fmt: skip
    rows = [[_origin(one, sheet.time_zone, _), *_row(one.values)] for one in sheet.numbers]
    return {"head": head, "rows": rows, "none": _("No measurements") if not rows else ""}


def _origin(one: SheetNumbers, zone: str, _: Translate) -> str:
    said = " ".join(part for part in (one.person, clock(one.at, zone) or "") if part)
    doubt = "" if one.outdated is None else label(one.outdated, _)
    return "\n".join(part for part in (label(one.by, _), said, doubt) if part)


def _row(values: Mapping[str, float]) -> list[str]:
    def said(name: str) -> str:
        return whole(values[name]) if name in values else ""

    corrected = [
        f"{mark}{said(name)}"
        for name, mark in (("qtc_ms", ""), ("qtc_fridericia_ms", "F "), ("qtc_bazett_ms", "B "))
        if name in values
    ]
    axes = [said(name) for name in ("p_axis_deg", "qrs_axis_deg", "t_axis_deg")]
    return [
        *(said(name) or ABSENT for name in COLUMNS),
        " / ".join(corrected) or ABSENT,
        " / ".join(one or ABSENT for one in axes) if any(axes) else ABSENT,
    ]


def _report(sheet: EcgSheet, _: Translate) -> dict[str, str]:
    said = sheet.report
    if said is None:
        return {"title": _("ECG conclusion"), "text": _("No signed report"), "signed": ""}
    state = {
        PageMark.PRELIMINARY: _("Preliminary, waiting for review"),
        PageMark.RETRACTED: _("Recalled, void"),
    }.get(said.mark, "")
    signed = _("{doctor}, signed {at}").format(
        doctor=said.doctor, at=clock(said.signed_at, sheet.time_zone)
    )
    if said.addenda:
        signed += _(", ") + _("{number} addenda, see the report").format(number=said.addenda)
    return {
        "title": _("ECG conclusion"),
        "text": _cut(said.impression, _("… (shortened; see the report)"), LONGEST_IMPRESSION),
        "signed": f"{signed} ({state})" if state else signed,
    }


def _warnings(sheet: EcgSheet, _: Translate) -> list[str]:
    found = []
    if not sheet.trace.calibrated:
        found.append(_("Not calibrated: voltage scale of the file unknown, measure no amplitude"))
    found += [
        _("{reason}: what no longer stands is left out").format(reason=label(one.outdated, _))
        for one in sheet.numbers
        if one.outdated is not None
    ]
    late = sheet.exam_at and sheet.received_at and sheet.exam_at > sheet.received_at
    if sheet.clock_suspect or late:
        found.append(_("The device clock is wrong: the exam would end after its arrival"))
    said = [m for m in dict.fromkeys(sheet.messages) if m]
    shown = said[:MOST_MESSAGES]
    found += [_cut(m, _on_page(_), LONGEST_MESSAGE) for m in shown]
    if len(said) > len(shown):
        found.append(_("and {number} more messages").format(number=len(said) - len(shown)))
    return found


def _printed(sheet: EcgSheet, _: Translate) -> str:
    if sheet.printed_at is None:
        return ""
    at = sheet.printed_at.astimezone(ZoneInfo(sheet.time_zone)).strftime("%Y-%m-%d %H:%M:%S")
    return _("Printed {at} (server clock), {person}").format(at=at, person=sheet.printed_by)


def _on_page(_: Translate) -> str:
    """No report holds what machines say; the page on which the exam is read does, at any time."""
    return _("… (shortened; in full on the reading page)")


def _cut(text: str, elsewhere: str, most: int) -> str:
    """At most so many characters; what is cut says where the whole stands."""
    return text if len(text) <= most else text[:most].rstrip() + elsewhere


def _pairs(pairs: Sequence[tuple[str, str]], _: Translate) -> str:
    return "    ".join(f"{name}{_(': ')}{value}" for name, value in pairs)
