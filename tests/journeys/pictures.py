"""ECGs on paper: made, uploaded by a clinic, and looked at as pictures."""

import subprocess
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.make import NOW, make_trace
from workbench.domain.ecg_sheet import EcgLook, EcgSheet
from workbench.domain.report_page import PagePatient
from workbench.formats.ecg_sheet_pdf import render_ecg
from workbench.language import translator

HELD_SIDEWAYS = 6  # EXIF 2.32, tag 0x0112: the camera was turned; the picture must be turned back
POST = """async ([name, bytes]) => {
  const form = new FormData();
  form.append("files", new Blob([new Uint8Array(bytes)]), name);
  const key = decodeURIComponent(document.cookie.match(/(?:^|; )_xsrf=([^;]*)/)[1]);
  const headers = { "X-XSRFToken": key };
  const answer = await fetch("/wb/upload", { method: "POST", body: form, headers });
  return [answer.status, await answer.json()];
}"""


def make_papers(folder: Path) -> tuple[Path, Path]:
    """A phone's photo of a printed ECG, and the print itself: two pages of PDF."""
    sheet = EcgSheet(
        trace=make_trace(64.0), look=EcgLook(), examining="甲", reading="乙",
        patient=PagePatient(name="纸上人", local_id="Z1"), received_at=NOW,
    )  # fmt: skip
    printed = render_ecg([sheet, sheet], translator()).data
    (folder / "print.pdf").write_bytes(printed)
    page = pypdfium2.PdfDocument(printed)[0].render(scale=1.5).to_pil().convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = HELD_SIDEWAYS
    page.rotate(90, expand=True).save(folder / "photo.jpg", "JPEG", exif=exif)
    return folder / "photo.jpg", folder / "print.pdf"


def uploaded(page: Page, papers: tuple[Path, ...]) -> dict[str, str]:
    """Refused without the tick, by the page and by the server; filed with it: two exam ids."""
    page.locator("[data-upload]").wait_for(state="attached", timeout=60_000)
    page.locator("[data-upload]").set_input_files([str(p) for p in papers])
    refused = page.locator(".sent li.bad").inner_text()
    assert "未发送：照片或 PDF 须先勾选“是心电图”" in refused
    assert not [url for url in page.asked if url.endswith("/wb/upload")]
    status, answer = page.evaluate(POST, ["photo.jpg", list(papers[0].read_bytes())])
    (one,) = answer["filed"]
    assert (status, one["outcome"], one["exam_id"]) == (201, "held", None)
    assert "JPEG" in one["reason"]
    assert "心电图" in one["reason"]

    page.locator("[data-pictures]").check()
    with page.expect_response("**/wb/upload") as heard:
        page.locator("[data-upload]").set_input_files([str(p) for p in papers])
    filed = heard.value.json()["filed"]
    page.locator(".sent li.good").nth(1).wait_for()
    assert "已入库" in page.locator(".sent li.good").first.inner_text()
    assert [one["outcome"] for one in filed] == ["filed", "filed"]
    return {one["files"][0]: one["exam_id"] for one in filed}


def check_picture(page: Page) -> None:
    """It stands upright and whole, says that it cannot be measured, and nothing measures it."""
    assert "不能测量" in page.locator(".ecg-picture figcaption b").inner_text()
    shown = page.locator(".ecg-picture img")
    page.wait_for_function("() => document.querySelector('.ecg-picture img').naturalWidth > 0")
    wide, high = shown.evaluate("img => [img.naturalWidth, img.naturalHeight]")
    assert wide > high
    for measuring in (".wb-ecg", ".wb-bar", "canvas", "[data-name-leads]", "[data-gap]"):
        assert page.locator(measuring).filter(visible=True).count() == 0, measuring
    room = page.locator(".ecg-picture .pg-scroll").bounding_box()
    whole = shown.bounding_box()
    assert whole["width"] <= room["width"]
    assert whole["height"] <= room["height"]
    page.locator(".ecg-picture .pg-scroll").focus()
    page.keyboard.press("+")
    assert shown.bounding_box()["width"] == pytest.approx(wide, abs=1)
    page.keyboard.press("-")
    assert shown.bounding_box()["width"] == pytest.approx(whole["width"], abs=1)


def printed_text(data: bytes) -> str:
    """Everything written in a PDF, without spaces."""
    run = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True
    )
    return "".join(run.stdout.decode().split())
