"""A page shows nobody's data before its first event, and a browser can do no more than ask."""

import re
import subprocess
import sys
from importlib import import_module, resources

import pytest

from workbench.domain.errors import Invalid
from workbench.language import catalogue
from workbench.panels import open_panel
from workbench.panels.asked import Asked
from workbench.panels.opening import PAGES
from workbench.panels.page import marked

TEMPLATES = resources.files("workbench").joinpath("panels", "templates")
VUE = sorted(p.name for p in TEMPLATES.iterdir() if p.name.endswith(".vue"))
HEAVY = ("scipy", "skimage", "wfdb", "pydicom", "neurokit2", "matplotlib", "imagecodecs", "typst")


@pytest.mark.parametrize("room", PAGES)
def test_a_preheated_page_knows_nobody(browse, room):
    page = browse("admin" if room == "people" else "reader", room, begin=False).page
    assert page.me == {}
    assert page.strip == {}
    assert not [
        k for k in ("listing", "case", "exams", "table", "accounts") if getattr(page, k, None)
    ]


def test_the_first_event_shows_who_it_is_in_their_language(browse):
    page = browse("reader", "reading").page
    assert (page.me["name"], page.me["role"]) == ("Reader", "阅片医师")
    assert [r["name"] for r in page.me["rooms"]] == ["reading", "patients"]
    assert page.texts["To read"] == "待阅片"


def test_a_browser_cannot_set_what_a_page_shows(browse):
    page = browse("reader", "reading").page
    before = page.me
    page._handle_msg({
        "content": {
            "data": {"method": "update", "state": {"me": {"name": "x"}}, "buffer_paths": []}
        },
        "buffers": [],
    })  # fmt: skip
    assert page.me == before


@pytest.mark.parametrize(
    "message",
    [
        {"create_widget": ["builtins", "dict"], "id": "1", "props": {}},
        {"create_widget": ["x", "y"], "id": "1", "props": {"a": {"functionRef": "close"}}},
        {"update_ref": {"functionRef": "close"}, "id": "1", "prop": "x"},
        {"destroy_widget": "1"},
        {"event": "tell", "data": "hello"},
        {"event": "ask", "data": "begin"},
        {"event": "ask", "data": {"act": ["begin"]}},
        {"event": "ask", "data": {"act": "__init__"}},
        "text",
    ],
)
def test_no_other_message_is_taken(browse, message):
    browser = browse("reader", "reading", begin=False)
    browser.send(message)
    assert browser.page.comm is not None
    assert (browser.page.me, browser.page.said) == ({}, {})


@pytest.mark.parametrize("text", ["a\0b", "half \ud83d", "\udc00"])
def test_a_text_that_cannot_be_stored_is_refused_and_the_database_not_blamed(text):
    with pytest.raises(Invalid, match="expected whole Unicode characters"):
        Asked({"reason": text}).text("reason")
    assert Asked({"reason": "整 😀\n"}).text("reason") == "整 😀\n"


def test_a_number_beyond_all_numbers_is_refused_like_any_other():
    with pytest.raises(Invalid, match="expected a number, or empty"):
        Asked({"days": 10**400}).whole("days", 1, 90)


def test_an_account_that_was_closed_can_do_nothing_more(browse, county):
    from workbench.workflow import accounts
    from workbench.workflow.console import operator

    browser = browse("reader", "reading")
    accounts.deactivate(county, operator("test"), "reader")
    said = browser.ask("next")
    assert said["tone"] == "error"
    assert "账号已停用" in said["text"]


def test_an_unknown_page_names_those_there_are():
    with pytest.raises(Invalid, match="reading, clinic, quality, patients, people"):
        open_panel("kitchen")


@pytest.mark.parametrize("name", VUE)
def test_every_sentence_of_a_template_is_translated(name):
    words = catalogue("zh_CN")
    missing = [s for s in marked(TEMPLATES.joinpath(name).read_text("utf-8")) if s not in words]
    assert not missing


@pytest.mark.parametrize("name", VUE)
def test_no_template_holds_words_outside_the_catalogue(name):
    text = TEMPLATES.joinpath(name).read_text("utf-8")
    shown = re.findall(r">([^<>{}]*[\u4e00-\u9fff][^<>{}]*)<", text)
    assert set(shown) <= set()


@pytest.mark.parametrize("room", PAGES)
def test_a_page_asks_only_for_what_it_can_be_given(room):
    module = import_module(PAGES[room])
    page = next(
        v
        for v in vars(module).values()
        if isinstance(v, type) and v.__name__.lower() == f"{room}page"
    )
    asked = set()
    for file in {room, *page.parts.values()}:
        text = TEMPLATES.joinpath(f"{file}.vue").read_text("utf-8")
        asked |= set(re.findall(r"\bact: '(\w+)'", text))
    assert asked <= set(page.acts)


@pytest.mark.parametrize("room", PAGES)
def test_a_page_imports_nothing_heavy(room):
    code = (
        "import sys; from importlib import import_module;"
        f"import_module({PAGES[room]!r});"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
