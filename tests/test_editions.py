"""Shipped vocabulary, rule books and report texts hold what their readers rely on."""

import math
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import editions
from workbench.domain.errors import Invalid
from workbench.domain.finding import Severity
from workbench.domain.report import CodedFinding, ReportBody, Side, problems
from workbench.domain.report_template import GAP, names_in

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = sorted(editions.report_templates())
LANGUAGES = ("zh_CN", "en")

# Counted in the table the vocabulary was made from (71 DR and 97 ECG statements); EC906, DR907 and
# DR908 are ours.
COUNTS = {
    "DR": {"critical": 21, "urgent": 17, "abnormal": 23, "normal": 4, "technical": 8},
    "ECG": {"critical": 32, "urgent": 20, "abnormal": 35, "normal": 5, "technical": 6},
}


@pytest.mark.parametrize("modality", COUNTS)
def test_the_vocabulary_holds_every_statement_of_its_origin(modality):
    terms = [t for t in editions.finding_terms().values() if t.modality == modality]
    assert Counter(t.severity.value for t in terms) == COUNTS[modality]


def test_a_statement_carries_its_words_criteria_and_foreign_codes():
    term = editions.finding_terms()["EC018"]
    assert (term.zh, term.severity) == ("心房颤动伴心室预激(最短RR<=250 ms)", Severity.CRITICAL)
    assert term.notes["crit"] == "shortest RR <=250 ms (certainty T provincial)"
    assert (term.notes["aha"], term.notes["sct"]) == ("50+108", "49436004+195060002")
    assert (term.notes["icd10"], term.notes["list"]) == ("I48.9+I45.6", "CN2017-B")


def test_exactly_the_one_sided_statements_ask_for_a_side():
    asked = {code for code, term in editions.finding_terms().items() if term.needs_side}
    assert asked == {"DR001", "DR002", "DR003", "DR004", "DR101", "DR102"}


def test_every_statement_names_source_certainty_and_edition():
    for code, term in editions.finding_terms().items():
        assert term.notes["certainty"] in editions.certainty_letters(), code
        assert term.notes["source"].strip(), code
        assert term.notes["edition"] == editions.findings_edition() == "findings-2026.1"


def test_no_statement_claims_more_certainty_than_its_notes():
    # a number the notes call K (general knowledge) may not stand in a row called T
    for code, term in editions.finding_terms().items():
        if term.notes["certainty"] in ("S", "T"):
            text = " ".join(term.notes.values())
            assert "certainty K" not in text, code
            assert "certainty D" not in text, code


def test_the_vocabulary_cannot_be_changed_by_its_readers():
    with pytest.raises(TypeError):
        editions.finding_terms()["DR001"] = None
    with pytest.raises(TypeError):
        editions.finding_terms()["DR001"].notes["crit"] = "other"


def test_reject_reasons_are_those_of_the_standard():
    found = editions.reject_reasons()
    assert set(found) == {*(str(n) for n in range(111207, 111220)), "113026"}
    assert (found["111210"].zh, found["111210"].en) == ("运动模糊", "Motion blur")
    with pytest.raises(TypeError):
        found["111210"] = None


def test_the_glossary_page_is_in_step_with_the_vocabulary():
    written = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    hint = "docs/glossary.md is written by workbench.editions.glossary_page()"
    assert written == editions.glossary_page(), hint


def test_the_glossary_explains_every_certainty_letter():
    assert list(editions.certainty_letters()) == ["S", "T", "T2", "K", "k", "D", "M"]
    for letter in editions.certainty_letters():
        assert f"| **{letter}** |" in editions.glossary_page()


def test_no_glossary_row_stands_twice_or_lacks_a_language():
    rows = editions.glossary_terms()
    keys = [(row["zh"], row["context"]) for row in rows]
    assert len(set(keys)) == len(keys) >= 165
    assert all(row["en"].strip() and row["zh"].strip() for row in rows)


def test_every_shipped_rule_book_can_be_read_under_its_own_name():
    for name in editions.rule_book_names():
        assert editions.rule_book(name).name == name
        for threshold in editions.rule_book(name).values():
            assert threshold.certainty in editions.certainty_letters(), threshold.id


@pytest.mark.parametrize("name", ["no-such-book", "../vocabulary/findings", "", "/etc/passwd"])
def test_an_unknown_rule_book_is_refused_by_name_and_never_a_path(name):
    with pytest.raises(Invalid, match="rule book: got"):
        editions.rule_book(name)


def test_an_unknown_template_names_those_that_exist():
    with pytest.raises(Invalid, match="chest-pa-normal"):
        editions.report_template("no-such")


def test_a_template_without_the_language_says_which_it_has():
    with pytest.raises(Invalid, match="one of en, zh_CN"):
        editions.fill_template("ecg-normal", "fr", {})


def test_importing_editions_reads_no_file():
    code = (
        "import sys; opened = []; "
        "sys.addaudithook(lambda e, a: opened.append(str(a[0])) if e == 'open' else None); "
        "import workbench.editions; "
        "print([p for p in opened if p.endswith(('.toml', '.po'))])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert run.stdout.strip() == "[]"


def test_every_group_of_parts_has_a_normal_text_and_every_part_one_that_fits():
    texts = [t for t in editions.report_templates().values() if t.kind == "DR" and t.parts]
    parts = editions.body_parts()
    for group in ("chest", "limb", "spine", "pelvis", "abdomen", "skull"):
        codes = [code for code, own in parts.groups.items() if own == group]
        assert any("normal" in t.id and set(t.parts) & set(codes) for t in texts), group
    assert all(editions.report_template("film-quality-repeat").fits(code, None) for code in codes)


@pytest.mark.parametrize("template_id", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fully_filled_template_can_be_signed(template_id, language):
    template = editions.report_template(template_id)
    filled = editions.fill_template(
        template_id, language, dict.fromkeys(template.placeholders, 1.0)
    )
    assert filled.residue == ()
    assert _faults(template_id, filled) == []


@pytest.mark.parametrize("template_id", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_with_gaps_can_not_be_signed(template_id, language):
    template = editions.report_template(template_id)
    filled = editions.fill_template(template_id, language, {})
    words = template.text(language)
    assert filled.residue == tuple(dict.fromkeys(names_in(words.findings + words.impression)))
    assert set(filled.residue) == set(template.placeholders)
    open_gap = ["a template placeholder is still open (____)"] if filled.residue else []
    assert _faults(template_id, filled) == open_gap


def test_measured_values_are_written_and_missing_ones_stay_visible():
    values = {"hr": 71.6, "qrs": None, "qt": math.nan, "axis": -0.2, "pr": "  ", "strange": 1.0}
    filled = editions.fill_template("ecg-normal", "zh_CN", values)
    assert filled.findings.startswith(
        "窦性心律，心率 72 次/分；PR间期 ____ ms，QRS时限 ____ ms，QT/QTc ____/____ ms"
    )
    assert "额面QRS电轴 0°" in filled.findings  # not "-0"
    assert filled.residue == ("pr", "qrs", "qt", "qtc")
    assert filled.codes == ("EC301", "EC303")


def test_the_cardiothoracic_ratio_is_written_with_two_decimals():
    assert (
        "心胸比约 0.47）"
        in editions.fill_template("chest-pa-normal", "zh_CN", {"ctr": 0.468}).findings
    )


@given(
    st.dictionaries(
        st.sampled_from(["hr", "pr", "qrs", "qt", "qtc", "axis"]),
        st.none() | st.floats() | st.integers(0, 999),
    )
)
def test_every_gap_is_either_filled_or_named(values):
    filled = editions.fill_template("ecg-normal", "en", values)
    assert filled.findings.count(GAP) == len(filled.residue)
    assert "{" not in filled.findings
    assert "nan" not in filled.findings
    assert "inf" not in filled.findings


def _faults(template_id, filled):
    template = editions.report_template(template_id)
    terms = editions.finding_terms()
    coded = tuple(
        CodedFinding(code, Side.LEFT if terms[code].needs_side else Side.NONE)
        for code in filled.codes
    )
    body = ReportBody(findings=filled.findings, impression=filled.impression, coded=coded)
    return list(problems(body, terms, template.kind))
