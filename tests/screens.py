"""`make screens`: every page with real content, in Chinese, as dated pictures.

Usage: python -m tests.screens docs/screens
"""

import subprocess
import sys
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.cstore import _settle
from tests.benchmarks.house import House, house
from tests.journeys.browser import launch, log_in, shared_data

TODAY = date.today().isoformat()  # noqa: DTZ011 - the day on this machine's calendar


class Album:
    """Where the pictures go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, page: Page, name: str) -> None:
        """A picture of the page as it stands once nothing moves any more."""
        page.wait_for_timeout(1200)
        page.screenshot(path=self.folder / f"{TODAY}-{name}.png")


def main(folder: Path) -> None:
    """Do a short day's work as every role and take pictures on the way."""
    album = Album(folder)
    with house() as home, sync_playwright() as playwright:
        _settle(home)
        _send_real_files(home)
        browser = launch(playwright)
        plain = browser.new_page(locale="zh-CN", viewport={"width": 1600, "height": 1000})
        plain.goto(f"http://127.0.0.1:{home.port}/login")
        album.take(plain, "login")
        _reader(album, log_in(browser, home.port, "reader", home.passwords["reader"]), home)
        _patients(album, log_in(browser, home.port, "reader", home.passwords["reader"]), home)
        for username, room in (("clinic", "clinic"), ("qa", "quality"), ("admin", "people")):
            page = log_in(browser, home.port, username, home.passwords[username])
            page.locator(f"[data-page={room}]").wait_for(timeout=60_000)
            page.wait_for_timeout(2500)
            album.take(page, room)
            page.context.close()
        small = log_in(browser, home.port, "clinic", home.passwords["clinic"], size=(1280, 720))
        small.locator("[data-page=clinic]").wait_for(timeout=60_000)
        album.take(small, "clinic-1280")
        trainee = log_in(browser, home.port, "trainee", home.passwords["trainee"])
        album.take(trainee, "trainee-home")
        browser.close()
        _paper(album, home)


def _send_real_files(home: House) -> None:
    data = shared_data()
    if data is None:
        return
    files = [
        *sorted((data / "dr" / "nema_wg04").glob("RG1*.dcm")),
        *sorted((data / "ecg" / "formats" / "dicom").glob("*.dcm")),
    ]
    subprocess.run(
        ["dcmsend", "--no-uid-checks", "127.0.0.1", str(home.dicom_port), *map(str, files)],
        check=True,
        capture_output=True,
    )
    home.workbench("import", str(data / "ecg/formats/muse_xml/muse_example1.xml"), "--site", "T02")


def _reader(album: Album, page: Page, home: House) -> None:
    page.locator(".wl-row").first.wait_for(timeout=60_000)
    album.take(page, "reading-list")
    for name, picture in (("王秀兰", "reading-film"), ("陆志强", "reading-critical-ecg")):
        page.locator(".wl-row", has_text=name).first.click()
        page.locator("aside.case", has_text=name).wait_for()
        page.wait_for_timeout(3500)
        album.take(page, picture)
    page.get_by_role("button", name="确认").first.click()
    page.wait_for_timeout(1500)
    album.take(page, "reading-call-form")
    page.locator(".wl-row", has_text="王秀兰").first.click()
    page.wait_for_timeout(2000)
    page.locator(".tpl").select_option(value="chest-pa-normal")
    page.wait_for_timeout(1500)
    text = page.locator("[data-field=findings]").input_value().replace("____", "0.46")
    page.locator("[data-field=findings]").fill(text)
    page.wait_for_timeout(1500)
    page.locator("[data-sign]").click()
    album.take(page, "reading-sign")
    page.locator("[data-sign-yes]").click()
    page.locator("a[href*='/wb/report/']").first.wait_for()
    album.take(page, "reading-signed")
    page.locator("a, button", has_text="EN").first.click()
    page.get_by_text("Worklist").or_(page.get_by_text("To read")).first.wait_for(timeout=60_000)
    page.locator(".wl-row").first.wait_for(timeout=60_000)
    page.wait_for_timeout(2500)
    album.take(page, "reading-english")
    page.context.close()


def _patients(album: Album, page: Page, home: House) -> None:
    page.goto(f"http://127.0.0.1:{home.port}/wb/page/patients")
    page.locator("[data-page=patients] [data-field=query]").fill("王", timeout=60_000)
    page.locator("[data-field=query]").press("Enter")
    page.locator("[data-person]").first.wait_for()
    album.take(page, "patients")
    page.context.close()


def _paper(album: Album, home: House) -> None:
    for paper in sorted((home.home / "outbox").rglob("*.pdf"))[:1]:
        target = album.folder / f"{TODAY}-report"
        command = ["pdftoppm", "-r", "70", "-png", "-singlefile", str(paper), str(target)]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screens"))
