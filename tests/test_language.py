"""Every word the package can say exists in Chinese, and no catalogue lies about its gaps."""

import ast
import importlib
import inspect
import pkgutil
from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import workbench.domain
from workbench.domain.actor import Act, Actor, Role
from workbench.domain.alert import AlertMove, AlertState
from workbench.domain.errors import (
    Invalid,
    MoveRefused,
    NotPermitted,
    ReportIncomplete,
    WorkbenchError,
)
from workbench.domain.event import EventKind
from workbench.domain.exam import ExamMove, ExamState
from workbench.domain.kinds import ExamKind
from workbench.domain.order import Order, Urgency
from workbench.domain.site import Site
from workbench.language import (
    CONTEXT_MARK,
    BadCatalogue,
    catalogue,
    label,
    languages,
    read_po,
    say,
    translator,
)

PACKAGE = Path(workbench.domain.__file__).resolve().parents[1]
ZH, EN = translator(), translator("en")
TRANSLATORS = {"_", "translate"}
SAME_IN_BOTH = {"DR"}


def source_trees():
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE), ast.parse(path.read_text("utf-8"))


def marked_strings(tree):
    """First arguments of `_(...)` and `translate(...)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in TRANSLATORS:
                yield node.args[0]


def error_templates(tree):
    """Class attributes called `template` that hold a plain string."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for row in node.body:
                named = (
                    isinstance(row, ast.Assign) and getattr(row.targets[0], "id", "") == "template"
                )
                if named and isinstance(row.value, ast.Constant):
                    yield row.value.value


def domain_words():
    for module in pkgutil.iter_modules(workbench.domain.__path__):
        loaded = importlib.import_module(f"workbench.domain.{module.name}")
        for _, cls in inspect.getmembers(loaded, inspect.isclass):
            if issubclass(cls, StrEnum) and cls.__module__ == loaded.__name__:
                yield from cls


def test_every_marked_string_of_the_package_is_translated():
    words = catalogue("zh_CN")
    missing = [
        f"{path}:{found.lineno}  {found.value!r}"
        for path, tree in source_trees()
        for found in marked_strings(tree)
        if isinstance(found, ast.Constant)
        and isinstance(found.value, str)
        and found.value not in words
    ]
    assert not missing, "add to locale/zh_CN/LC_MESSAGES/workbench.po:\n" + "\n".join(missing)


def test_no_marked_string_is_put_together_before_it_is_translated():
    joined = [
        f"{path}:{found.lineno}"
        for path, tree in source_trees()
        for found in marked_strings(tree)
        if isinstance(found, ast.JoinedStr | ast.BinOp)
        and "CONTEXT" not in ast.unparse(found)  # a key with context, put together on purpose
    ]
    assert not joined, "translate the sentence, then fill it with .format(...):\n" + "\n".join(
        joined
    )


def test_every_error_template_of_the_package_is_translated():
    words = catalogue("zh_CN")
    missing = [
        f"{path}  {text!r}"
        for path, tree in source_trees()
        for text in error_templates(tree)
        if text != WorkbenchError.template and text not in words
    ]
    assert not missing, "add to locale/zh_CN/LC_MESSAGES/workbench.po:\n" + "\n".join(missing)


# Which arguments of an error are words of this package, and the context they have.
SPOKEN = {
    "Invalid": {0: "field", 2: ""},
    "NotPermitted": {2: ""},
    "NotFound": {0: "noun"},
    "Stale": {0: "noun"},
    "MoveRefused": {0: "noun"},
}


def spoken_words(tree):
    """Fixed words inside errors, as keys of the catalogue."""
    for node in ast.walk(tree):
        spoken = SPOKEN.get(getattr(getattr(node, "func", None), "id", ""), {})
        for place, context in spoken.items():
            word = node.args[place] if place < len(node.args) else None
            if isinstance(word, ast.Constant) and isinstance(word.value, str):
                yield f"{context}{CONTEXT_MARK}{word.value}" if context else word.value


def test_every_word_inside_an_error_is_translated():
    words = catalogue("zh_CN")
    missing = [
        f"{path}  {key!r}"
        for path, tree in source_trees()
        for key in spoken_words(tree)
        if key not in words
    ]
    assert not missing, "add to locale/zh_CN/LC_MESSAGES/workbench.po:\n" + "\n".join(missing)


@pytest.mark.parametrize(
    "value", list(domain_words()), ids=lambda v: f"{type(v).__name__}.{v.name}"
)
def test_every_fixed_word_of_the_domain_has_a_chinese_and_an_english_name(value):
    assert f"{type(value).__name__}{CONTEXT_MARK}{value.value}" in catalogue("zh_CN")
    assert "_" not in label(value, EN)  # stored names are not for people
    assert label(value, EN).strip()


def test_every_chinese_translation_is_chinese():
    same = {
        key for key, text in catalogue("zh_CN").items() if text == key.rpartition(CONTEXT_MARK)[2]
    }
    assert {key.rpartition(CONTEXT_MARK)[2] for key in same} <= SAME_IN_BOTH


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (Role.HEAD, "科主任", "head of department"),
        (Role.DUTY, "总值班", "duty administrator"),
        (ExamState.RECEIVED, "待预筛", "waiting for screening"),
        (EventKind.RECEIVED, "到达", "received"),  # the same stored word, another meaning
        (ExamState.RETRACTED, "已召回", "recalled"),
        (AlertState.ACKNOWLEDGED, "已确认接收", "acknowledged"),
        (Urgency.URGENT, "加急", "urgent"),
        (ExamKind.ECG, "心电图", "ECG"),
    ],
)
def test_fixed_words_are_named_by_their_meaning(value, zh, en):
    assert (label(value, ZH), label(value, EN)) == (zh, en)


def test_chinese_is_the_default_and_the_first_language():
    assert languages()[0] == "zh_CN"
    assert set(languages()) == {"zh_CN", "en"}
    assert translator()("not given") == translator("zh_CN")("not given") == "未提供"


def test_english_sentences_are_their_own_translation():
    assert (
        EN("The report cannot be signed yet: {problems}")
        == "The report cannot be signed yet: {problems}"
    )


def test_an_unknown_language_names_the_known_ones():
    with pytest.raises(Invalid, match="one of zh_CN, en"):
        translator("fr")


@pytest.mark.parametrize(
    ("error", "zh"),
    [
        (
            MoveRefused(
                "exam", ExamState.RECEIVED, ExamMove.RELEASE, [ExamMove.SCREEN, ExamMove.SIGN]
            ),
            "检查当前为“待预筛”，不能发布；目前可以：预筛、签署。",
        ),
        (
            MoveRefused("critical alert", AlertState.DISMISSED, AlertMove.NOTIFY, []),
            "危急值当前为“已驳回”，不能通知；目前可以：无（已是最终状态）。",
        ),
        (
            ReportIncomplete(["findings are empty", "DR001 needs a side"]),
            "报告暂不能签署：“所见”为空；DR001 须注明侧别",
        ),
        (
            NotPermitted("li", Act.REPORT_SIGN, "the licence covers DR, not ECG"),
            "li 无权签署报告：执业范围为 DR，不含心电图。",
        ),
    ],
)
def test_an_error_is_said_in_chinese_with_its_facts(error, zh):
    assert say(error, ZH) == zh


def test_refusals_raised_by_the_domain_are_said_in_chinese():
    nobody = Actor(username="trainee", name="x", role=Role.TRAINEE, site_code="s1")
    with pytest.raises(NotPermitted) as refused:
        nobody.check(Act.REPORT_SIGN)
    # the username equals a role's stored word and still is not translated
    assert say(refused.value, ZH) == "trainee 无权签署报告：角色“学员”不含此权限。"
    with pytest.raises(NotPermitted) as unlicensed:
        nobody.check_licence(Act.REPORT_SIGN, ExamKind.DR, date(2026, 1, 1))
    assert "请联系管理员" in say(unlicensed.value, ZH)
    with pytest.raises(Invalid) as wrong:
        Site(code="a b", name="x")
    assert say(wrong.value, ZH) == "机构代码：收到 a b；应为 1至32个字母、数字、- 或 _。"
    with pytest.raises(Invalid) as salty:
        Order(
            id="1", site_code="s", kind=ExamKind.ECG, local_id="1", patient_name="x", potassium=45
        )
    assert say(salty.value, ZH) == "血钾：收到 45 mmol/L；应为 1.0 至 10.0 mmol/L，或留空。"


def test_an_error_in_english_reads_as_it_was_raised():
    error = NotPermitted("li", "x.y", "the licence covers DR, not ECG")
    assert say(error, EN) == str(error)


def test_what_a_person_typed_is_never_translated():
    assert (
        say(Invalid("site name", "nothing", "1 or 2"), ZH)
        == "机构名称：收到 nothing；应为 1 或 2。"
    )


@given(st.text(max_size=700))
def test_an_unknown_text_comes_back_unchanged(text):
    if CONTEXT_MARK not in text and text not in catalogue("zh_CN"):
        assert ZH(text) == text


HEADER = 'msgid ""\nmsgstr ""\n"Language: x\\n"\n\n'


def test_the_reader_takes_contexts_continued_lines_and_escapes():
    text = (
        HEADER
        + '# note\nmsgctxt "Role"\nmsgid "a"\nmsgstr "甲"\n\n'
        + 'msgid "two "\n"lines\\n"\nmsgstr "两\\"行\\n"\n'
    )
    assert read_po(text.splitlines(), "x") == {
        f"Role{CONTEXT_MARK}a": "甲",
        "two lines\n": '两"行\n',
    }


def test_an_entry_may_follow_another_without_an_empty_line():
    assert read_po('msgid "a"\nmsgstr "甲"\nmsgid "b"\nmsgstr "乙"'.splitlines(), "x") == {
        "a": "甲",
        "b": "乙",
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('msgid "a"\nmsgstr ""\n', "line 1: 'a' has no translation"),
        ('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', "line 4: 'a' stands twice"),
        ('#, fuzzy\nmsgid "a"\nmsgstr "b"\n', "line 1: fuzzy"),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\n', "line 2: did not expect 'msgid_plural'"),
        ('msgid "{a} b"\nmsgstr "{c} d"\n', "line 1: .* differ in placeholders"),
        ('msgid "a\nmsgstr "b"\n', "line 1: expected a string in double quotes"),
        ('msgid "a\\q"\nmsgstr "b"\n', "line 1: unknown escape"),
        ('"a"\n', "line 1: a string without msgid"),
        ('msgid "a"\n\nmsgstr "b"\n', "line 1: an entry needs both"),
    ],
)
def test_a_doubtful_catalogue_is_refused_by_line(text, fault):
    with pytest.raises(BadCatalogue, match=fault):
        read_po(text.splitlines(), "x")
