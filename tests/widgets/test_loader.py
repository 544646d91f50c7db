"""The loader, the texts, and the agreement between both sides."""

import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import anywidget
import pytest
from browser_page import TEXTS, Page
from page_server import ROOT, STATIC

from workbench.widgets import loader, texts
from workbench.widgets.ecg_viewer import EcgViewer
from workbench.widgets.film_viewer import FilmViewer
from workbench.widgets.shell import Shell

WIDGETS = {"ecg": EcgViewer, "film": FilmViewer, "shell": Shell}


def sources(part: str) -> str:
    return "".join(p.read_text("utf-8") for p in sorted((ROOT / "frontend" / part).glob("*.mjs")))


@pytest.mark.parametrize("module", ["ecg_viewer", "film_viewer", "shell"])
def test_importing_a_widget_opens_no_file_of_ours(module: str) -> None:
    code = (
        "import sys, anywidget, traitlets\n"
        "opened = []\n"
        "ours = lambda event, what: event == 'open' and 'widgets/static' in str(what[0])\n"
        "sys.addaudithook(lambda event, what: ours(event, what) and opened.append(what[0]))\n"
        f"import workbench.widgets.{module}\n"
        "print(opened)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_without_a_build_the_widget_says_what_to_do(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "STATIC", tmp_path)
    page.mount("film", FilmViewer())
    assert page.tab.locator("#film").text_content() == TEXTS[loader.NOT_BUILT]


def test_a_module_that_cannot_be_fetched_says_so(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_BASE_URL", "/elsewhere")
    page.mount("ecg", EcgViewer())
    assert page.tab.locator("#ecg").text_content() == TEXTS[loader.NOT_LOADED]
    assert "/elsewhere/wb/static/ecg_viewer.js" in page.server.asked


@pytest.mark.parametrize("name", ["ecg_viewer", "film_viewer", "shell"])
def test_the_address_carries_the_digest_of_the_very_file(name: str) -> None:
    if not (STATIC / "manifest.json").exists():
        pytest.skip("the viewers are not built; run npm ci && npm run build in frontend")
    digest = sha256((STATIC / f"{name}.js").read_bytes()).hexdigest()
    assert f'"/wb/static/{name}.js?v={digest[:16]}"' in loader.loader(name)
    assert len(loader.loader(name)) < 500


@pytest.mark.parametrize("content", ["", "[]", '{"shell.js": {}}', '{"shell.js": null}'])
def test_an_unreadable_manifest_is_an_absent_build(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "manifest.json").write_text(content, "utf-8")
    (tmp_path / "shell.js").write_text("", "utf-8")
    monkeypatch.setattr(loader, "STATIC", tmp_path)
    assert json.dumps(loader.NOT_BUILT) in Shell()._esm


@pytest.mark.parametrize(
    ("part", "listed"),
    [("ecg", texts.ECG_TEXTS), ("film", texts.FILM_TEXTS), ("shell", texts.SHELL_TEXTS)],
)
def test_every_sentence_a_viewer_says_is_listed_for_the_catalogues_and_no_other(
    part: str, listed: tuple[str, ...]
) -> None:
    said = set(
        re.findall(
            r'\b(?:t|text)\("([^"]+)"\)',
            sources(part) + ("" if part == "shell" else sources("page")),
        )
    )
    assert said | set(texts.LOADER_TEXTS) == set(listed)
    assert said <= set(TEXTS)


def test_the_sentences_of_the_loader_are_listed() -> None:
    assert set(texts.LOADER_TEXTS) == {loader.NOT_BUILT, loader.NOT_LOADED}


@pytest.mark.parametrize("part", WIDGETS)
def test_both_sides_know_the_same_traits(part: str) -> None:
    beside = sorted((ROOT / "frontend" / part).rglob("*/*.mjs"))  # panels in folders of their own
    code = sources(part) + "".join(p.read_text("utf-8") for p in beside)
    used = set(re.findall(r'python\.(?:get|tell|tellSoon)\("(\w+)"', code))
    used |= {
        name for names in re.findall(r'python\.on\("([\w ]+)"', code) for name in names.split()
    }
    used |= set(
        re.findall(r'"(\w+)"', "".join(re.findall(r"const TRAITS = new Set\(\[([^\]]*)\]", code)))
    )
    synced = WIDGETS[part].class_trait_names(sync=True)
    own = set(synced) - set(anywidget.AnyWidget.class_trait_names(sync=True)) - {"_esm"}
    assert used | {"texts"} == own


def test_the_lock_file_holds_no_download_address() -> None:
    lock = (ROOT / "frontend/package-lock.json").read_text("utf-8")
    assert "resolved" not in lock
    assert "http" not in "".join(
        line for line in lock.splitlines() if "url" not in line and "funding" not in line
    )


def test_what_is_shipped_carries_its_licences() -> None:
    if not (STATIC / "THIRD_PARTY.txt").exists():
        pytest.skip("the viewers are not built; run npm ci && npm run build in frontend")
    words = (STATIC / "THIRD_PARTY.txt").read_text("utf-8")
    for package in ("@cornerstonejs/core 5.14.0", "@cornerstonejs/tools 5.14.0", "@kitware/vtk.js"):
        assert package in words
    assert "GPL" not in words.split("-" * 100)[0]
