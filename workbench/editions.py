"""Shipped data by name: vocabulary, rule books, report texts. Read once, at the first question."""

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from workbench.domain.body_part import BodyParts, longest_first, plain
from workbench.domain.errors import Invalid, WorkbenchError
from workbench.domain.finding import FindingTerm, Severity
from workbench.domain.hanging import HangingTable, parse_hanging
from workbench.domain.kinds import ExamKind
from workbench.domain.operating_point import OperatingPoint, parse_points
from workbench.domain.quality_item import RejectReason
from workbench.domain.report_template import (
    AGES,
    FilledTemplate,
    Placeholder,
    ReportTemplate,
    TemplateText,
    fill,
    names_in,
)
from workbench.domain.rulebook import RuleBook, parse_book


class BadEdition(WorkbenchError):
    """Shipped data that does not hold what its readers rely on."""


@cache
def finding_terms() -> Mapping[str, FindingTerm]:
    """Every coded statement by its code, in the order of the vocabulary.

    The notes hold the criteria and foreign codes (crit, icd10, aha, sct, scp, radelement, dcm, mdc,
    list, side, ...) and, for every row, ``source``, ``certainty`` and ``edition``.
    """
    data = _table("vocabulary", "findings.toml")
    letters = certainty_letters()
    found: dict[str, FindingTerm] = {}
    for row in data["finding"]:
        code = row["code"]
        if code in found:
            raise BadEdition(f"findings.toml: {code} stands twice; every code is used once")
        if row["certainty"] not in letters:
            offered = ", ".join(letters)
            raise BadEdition(
                f"findings.toml: {code} has certainty {row['certainty']}, not one of {offered}"
            )
        notes = {
            **row.get("notes", {}),
            "source": row["source"],
            "certainty": row["certainty"],
            "edition": data["edition"],
        }
        found[code] = FindingTerm(
            code=code,
            modality=ExamKind(row["modality"]).value,
            zh=row["zh"],
            en=row["en"],
            severity=Severity(row["severity"]),
            notes=MappingProxyType(notes),
        )
    return MappingProxyType(found)


def findings_edition() -> str:
    """Name of the edition `finding_terms` was read from."""
    return str(_table("vocabulary", "findings.toml")["edition"])


def certainty_letters() -> Mapping[str, Mapping[str, str]]:
    """What S, T, T2, K, k, D and M mean, by letter and language ("zh", "en")."""
    letters: Mapping[str, Mapping[str, str]] = _table("vocabulary", "glossary.toml")["certainty"]
    return letters


def glossary_terms() -> tuple[Mapping[str, str], ...]:
    """Rows of the glossary, each with zh, en and context."""
    return tuple(_table("vocabulary", "glossary.toml")["term"])


def glossary_page() -> str:
    """Write docs/glossary.md from the vocabulary; a test asserts that the file is in step."""
    data = _table("vocabulary", "glossary.toml")
    page = data["page"]
    letters = [
        f"| **{k}** | {says['zh']} | {says['en']} |" for k, says in data["certainty"].items()
    ]
    terms = [f"| {row['zh']} | {row['en']} | {row['context']} |" for row in data["term"]]
    lines = [
        f"# {page['title']}",
        "",
        page["preface"],
        "",
        f"{data['edition']} · {data['since']} · {data['source']}",
        "",
        f"## {page['certainty_title']}",
        "",
        *page["certainty_head"],
        *letters,
        "",
        f"## {page['terms_title']}",
        "",
        *page["terms_head"],
        *terms,
    ]
    return "\n".join(lines) + "\n"


@cache
def reject_reasons() -> Mapping[str, RejectReason]:
    """Why a film may be rejected, by code of DICOM CID 7011."""
    rows = _table("vocabulary", "reject_reasons.toml")["reason"]
    found = {row["code"]: RejectReason(**row) for row in rows}
    if len(found) != len(rows):
        raise BadEdition("reject_reasons.toml: a code stands twice; every code is used once")
    return MappingProxyType(found)


@cache
def retake_advice() -> Mapping[str, Mapping[str, str]]:
    """What to do better when a film is taken again, by reject reason; each with "zh" and "en"."""
    rows = _table("vocabulary", "retake_advice.toml")["advice"]
    found = {row["code"]: {"zh": row["zh"], "en": row["en"]} for row in rows}
    if set(found) != set(reject_reasons()) or len(found) != len(rows):
        raise BadEdition("retake_advice.toml: one row for each of reject_reasons.toml")
    return MappingProxyType(found)


@cache
def body_parts() -> BodyParts:
    """Parts of the body, with the spellings of consoles; the viewer's windows use the same file."""
    data = json.loads(_folder("vocabulary").joinpath("body_parts.json").read_text("utf-8"))
    spellings: dict[str, str] = {}
    for code, row in data["parts"].items():
        for written in (code, *row["also"]):
            key = plain(written)
            if key in spellings:
                raise BadEdition(f"body_parts.json: {written} stands for two parts")
            spellings[key] = code
    return BodyParts(
        edition=data["edition"],
        groups=MappingProxyType({code: row["group"] for code, row in data["parts"].items()}),
        spellings=MappingProxyType(spellings),
        vague=frozenset(data["vague"]),
        views=longest_first(data["views"]),
        sides=longest_first(data["sides"]),
    )


@cache
def operating_points() -> Mapping[str, OperatingPoint]:
    """What was measured of each finding on films, and why the others are off."""
    return parse_points(_folder("vocabulary").joinpath("operating_points.toml").read_text("utf-8"))


def rule_book_names() -> tuple[str, ...]:
    """Names of the rule books that are shipped, sorted."""
    return _names("rulebooks")


@cache
def rule_book(name: str) -> RuleBook:
    """Read one rule book; an unknown name raises Invalid with the names that exist."""
    text = _named("rulebooks", name, "rule book")
    book = parse_book(text)
    if book.name != name:
        raise BadEdition(f"{name}.toml calls itself {book.name}; file and edition must agree")
    return book


@cache
def hanging_table(name: str) -> HangingTable:
    """Read how films are hung; the limits beside it are a rule book of the same name."""
    return parse_hanging(tomllib.loads(_named("rulebooks", name, "rule book")))


@cache
def report_templates() -> Mapping[str, ReportTemplate]:
    """Every report text by its id."""
    folder = _folder("templates").joinpath("reports")
    found: dict[str, ReportTemplate] = {}
    for path in sorted(_toml_files(folder), key=lambda p: p.name):
        template = _template(tomllib.loads(path.read_text("utf-8")), path.name)
        found[template.id] = template
    return MappingProxyType(found)


def report_template(template_id: str) -> ReportTemplate:
    """One report text; an unknown id raises Invalid with the ids that exist."""
    known = report_templates()
    if template_id not in known:
        raise Invalid("report template", template_id, f"one of {', '.join(known)}")
    return known[template_id]


def fill_template(
    template_id: str, language: str, values: Mapping[str, float | str | None]
) -> FilledTemplate:
    """Fill a report text; what is not given reads ``____`` and is named in ``residue``."""
    return fill(report_template(template_id), language, values)


def _template(row: Mapping[str, Any], file: str) -> ReportTemplate:
    template = ReportTemplate(
        id=row["id"],
        kind=ExamKind(row["modality"]),
        edition=row["edition"],
        source=row["source"],
        certainty=row["certainty"],
        codes=tuple(row["codes"]),
        parts=tuple(row.get("parts", ())),
        ages=tuple(row.get("ages", ())),
        texts=MappingProxyType({
            language: TemplateText(**words) for language, words in row["text"].items()
        }),
        placeholders=MappingProxyType({
            name: Placeholder(name=name, **about)
            for name, about in row.get("placeholder", {}).items()
        }),
    )  # fmt: skip
    faults = _template_faults(template, file)
    if faults:
        raise BadEdition(f"{file}: " + "; ".join(faults))
    return template


def _template_faults(template: ReportTemplate, file: str) -> list[str]:
    faults: list[str] = []
    if file != f"{template.id}.toml":
        faults.append(f"the id is {template.id}; file and id must agree")
    for language, words in template.texts.items():
        used = set(names_in(words.findings) + names_in(words.impression))
        strange = sorted(used - set(template.placeholders))
        if strange:
            faults.append(f"{language} uses {', '.join(strange)} without a [placeholder.…] table")
    terms = finding_terms()
    faults += [
        f"{code} is not a {template.kind} statement of the vocabulary"
        for code in template.codes
        if code not in terms or terms[code].modality != template.kind
    ]
    faults += [
        f"{part} is not a part of the body in body_parts.json"
        for part in template.parts
        if part not in body_parts().groups
    ]
    faults += [
        f"age {age} is none of {', '.join(AGES)}" for age in template.ages if age not in AGES
    ]
    if template.certainty not in certainty_letters():
        faults.append(f"certainty {template.certainty} is not a letter of the glossary")
    return faults


def _folder(name: str) -> Traversable:
    return resources.files("workbench").joinpath(name)


def _toml_files(folder: Traversable) -> list[Traversable]:
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if path.name.endswith(".toml")]


def _names(folder: str) -> tuple[str, ...]:
    return tuple(sorted(path.name.removesuffix(".toml") for path in _toml_files(_folder(folder))))


def _named(folder: str, name: str, noun: str) -> str:
    known = _names(folder)  # asked first, so a name is never a path
    if name not in known:
        raise Invalid(noun, name, f"one of {', '.join(known) or 'none (nothing is installed)'}")
    return _folder(folder).joinpath(f"{name}.toml").read_text("utf-8")


@cache
def _table(folder: str, file: str) -> dict[str, Any]:
    return tomllib.loads(_folder(folder).joinpath(file).read_text("utf-8"))
