"""`make screens`: every page with real content, in Chinese, as dated pictures.

Usage: python -m tests.screens docs/screens [ecg|parts|beside]; with "ecg" only sheets of the ECG
viewer, with "parts" only films of every part of the body and the check page of the screen, with
"beside" only two films of one person, in one window and in two
"""

import re
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from pydicom import dcmread

from tests.benchmarks.house import House, house, settle
from tests.journeys.browser import launch, log_in, shared_data
from tests.journeys.phone import PHONE
from tests.journeys.test_film_comparing import BESIDE
from tests.journeys.test_film_reading import FULL, count, draw
from tests.journeys.test_main_line import open_case, write_and_sign
from tests.make import NOW, make_ecg_file, make_trace
from tests.part_films import made

PART_NAMES = {
    "ruler": "钢尺", "femur": "股骨", "spine": "脊柱", "pelvis": "骨盆", "abdomen": "腹部",
    "skull": "头颅", "hand": "小手",
}  # fmt: skip
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


def main(folder: Path, part: str = "") -> None:
    """Do a short day's work as every role and take pictures on the way."""
    album = Album(folder)
    with house() as home, sync_playwright() as playwright:
        settle(home)
        _send_real_files(home)
        browser = launch(playwright)
        alone = {"parts": _parts, "beside": _beside, "places": _places}
        if part in alone:
            alone[part](album, browser, home)
            browser.close()
            return
        if shared_data() is not None:
            _ecg_sheets(album, browser, home)
        if part == "ecg":
            browser.close()
            return
        plain = browser.new_page(locale="zh-CN", viewport={"width": 1600, "height": 1000})
        plain.goto(f"http://127.0.0.1:{home.port}/login")
        album.take(plain, "login")
        _reader(album, log_in(browser, home.port, "reader", home.passwords["reader"]), home)
        _beats(album, log_in(browser, home.port, "reader", home.passwords["reader"]), home)
        _phone(album, browser, home)
        _patients(album, log_in(browser, home.port, "reader", home.passwords["reader"]), home)
        for username, room in (("clinic", "clinic"), ("qa", "quality"), ("admin", "people")):
            page = log_in(browser, home.port, username, home.passwords[username])
            page.locator(f"[data-page={room}]").wait_for(timeout=60_000)
            page.wait_for_timeout(2500)
            album.take(page, room)
            page.context.close()
        _parts(album, browser, home)
        _places(album, browser, home)
        _beside(album, browser, home)
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


def _ecg_sheets(album: Album, browser: Browser, home: House) -> None:
    """Every layout of the paper from a real file, at both sizes of screen and on a phone."""
    password = home.passwords["reader"]
    for name, size in (("", (1600, 1000)), ("-1280", (1280, 720)), ("-phone", (390, 844))):
        page = log_in(browser, home.port, "reader", password, size=size)
        page.locator(".wl-row").first.wait_for(timeout=60_000)
        key = _real_ecg(page)
        page.locator(f".wl-row[data-exam='{key}']").click()
        page.wait_for_function("() => window.__wb?.ecg?.stage === 'full'", timeout=60_000)
        viewer = page.locator(".wb-ecg")
        if name == "-phone":
            viewer.scroll_into_view_if_needed()
            album.take(page, "ecg-phone")
            page.context.close()
            continue
        for press, sheet in zip("1234o", ("3x4-1", "3x4-3", "6x2", "12x1", "cabrera"), strict=True):
            viewer.press(press)
            if press == "o":
                viewer.press("1")
            album.take(page, f"ecg-{sheet}{name}")
            if name:
                break  # one picture shows that nothing is cut off
        page.context.close()


def _real_ecg(page: Page) -> str:
    """The exam in the list that came from the tool kit's example."""
    page.locator(".wl-filter select").first.select_option("ECG")
    page.wait_for_timeout(1500)
    row = page.locator(".wl-row", has_text=re.compile("Clark|Example|SCP")).first
    return str(row.get_attribute("data-exam"))


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
    page.locator("a, button", has_text="中文").first.click()  # the language is the account's
    page.get_by_text("待阅片").first.wait_for(timeout=60_000)
    page.context.close()


def _two_ecgs(home: House) -> None:
    """One patient with two ECGs, ninety days apart."""
    with tempfile.TemporaryDirectory() as folder:
        for number, (rate, days) in enumerate(((68.0, 90), (92.0, 0)), start=1):
            path = Path(folder) / f"{number}.dcm"
            path.write_bytes(
                make_ecg_file(
                    make_trace(rate), study=f"1.2.82{number}", patient_name="周^对照",
                    patient_id="S82", acquired_at=NOW - timedelta(days=days),
                )
            )  # fmt: skip
            command = ["dcmsend", "--no-uid-checks", "127.0.0.1", str(home.dicom_port), str(path)]
            subprocess.run(command, check=True, capture_output=True)


def _beats(album: Album, page: Page, home: House) -> None:
    """The median beat with a moved mark, and the comparison in its three views."""
    _two_ecgs(home)
    row = page.locator(".wl-row", has_text="周对照").last
    row.click(timeout=120_000)
    page.wait_for_function("() => window.__wb?.ecg?.stage === 'full'")
    viewer = page.locator(".wb-ecg")
    viewer.press("q")
    page.wait_for_function("() => window.__wb.beat?.shown", timeout=60_000)
    page.locator("[data-mark=t_end]").focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    page.locator(".wb-beat [data-name=keep]").click()
    page.wait_for_function("() => window.__wb.beat.kept === true")
    album.take(page, "ecg-median-beat")
    viewer.press("v")
    page.wait_for_function("() => window.__wb.compare?.shown")
    for view in ("papers", "beats", "table"):
        page.locator(f".wb-compare [data-name={view}]").click()
        album.take(page, f"ecg-compare-{view}")
    page.context.close()


def _phone(album: Album, browser: Browser, home: House) -> None:
    """A film is marked and signed; its clinic looks at it on a phone."""
    page = log_in(browser, home.port, "reader", home.passwords["reader"])
    page.locator(".wl-row").first.wait_for(timeout=60_000)
    open_case(page, "韦明")
    page.wait_for_function(FULL, timeout=60_000)
    draw(page, "l", (0.40, 0.40), (0.60, 0.60))
    count(page, 1)
    draw(page, "e", (0.30, 0.30), (0.38, 0.38))
    count(page, 2)
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    page.locator("[data-key-image][aria-pressed=true]").wait_for()
    write_and_sign(page, "双肺野清晰，心影不大，双侧肋膈角锐利。", "胸部正位片未见明显异常。")
    page.locator("[data-sharing=out]").wait_for(timeout=60_000)
    page.locator("[data-objects] summary").click()
    album.take(page, "reading-signed-marks")
    page.context.close()
    phone = log_in(browser, home.port, "clinic", home.passwords["clinic"], **PHONE)
    row = phone.locator("tr[data-exam]", has_text="韦明")
    row.locator("[data-view]").wait_for(timeout=60_000)
    row.scroll_into_view_if_needed()
    album.take(phone, "clinic-phone")
    row.locator("[data-view]").tap()
    phone.wait_for_url("**/wb/view/**")
    album.take(phone, "view-only-phone")
    for _ in range(2):
        phone.locator("[data-do=in]").tap()
    album.take(phone, "view-only-phone-enlarged")
    phone.context.close()


def _parts(album: Album, browser: Browser, home: House) -> None:
    """Films of every part, drawn and real; and the check of the screen."""
    shown = {f"部位{word}": name for name, word in PART_NAMES.items()}
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, (name, word) in enumerate(PART_NAMES.items(), start=60):
            way = "calibrated" if name in ("ruler", "femur") else "detector"
            film = made(
                name, way, row_mm=0.25, column_mm=0.25, number=number, patient=f"部位^{word}"
            )  # fmt: skip
            paths.append(Path(folder) / f"{name}.dcm")
            paths[-1].write_bytes(film.data)
        data = shared_data()
        if data is not None:
            paths += [data / "dr" / "nema_wg04" / f"{one}_JPLL.dcm" for one in ("RG2", "RG3")]
            shown |= {"RG2": "real-hip", "RG3": "real-extremity"}
        _send(home, *paths)
    password = home.passwords["reader"]
    page = log_in(browser, home.port, "reader", password)
    for patient, name in shown.items():
        row = page.locator(".wl-row", has_text=patient).first
        row.click(timeout=120_000)
        page.locator("aside.case", has_text=patient).wait_for()
        page.wait_for_function("() => window.__wb?.film?.stage === 'full'", timeout=60_000)
        album.take(page, f"part-{name}")
    page.goto(f"http://127.0.0.1:{home.port}/wb/screen")
    page.wait_for_selector("html[data-ready]")
    album.take(page, "screen-check")
    page.context.close()


def _send(home: House, *paths: Path) -> None:
    command = ["dcmsend", "--no-uid-checks", "127.0.0.1", str(home.dicom_port), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True)


def _places(album: Album, browser: Browser, home: House) -> None:
    """Where the screening looked, on a drawn white side and on a real film."""
    _send(
        home, Path(__file__).parents[1] / "data_samples" / "pathology" / "dr-massive-effusion.dcm"
    )
    page = log_in(browser, home.port, "reader", home.passwords["reader"])
    page.locator(".wl-filter select").first.select_option("DR")
    shown = [("opaque", page.locator(".wl-row", has_text="危急"))]
    if shared_data() is not None:
        shown.append(("places", page.locator(".wl-row", has_text="CompressedSamples RG1")))
    for name, row in shown:
        row.first.wait_for(timeout=120_000)
        row.first.click()
        page.wait_for_function("() => window.__wb?.film?.stage === 'full'", timeout=60_000)
        if page.locator("[data-name=places]").first.get_attribute("aria-pressed") != "true":
            page.locator(".wb-film").first.press(".")
        album.take(page, f"reading-{name}")
    page.context.close()


def _beside(album: Album, browser: Browser, home: House) -> None:
    """One person filmed twice: beside each other, enlarged together, then in two windows."""
    samples = Path(__file__).parents[1] / "data_samples"
    taken = (("dr-normal", "20251012"), ("dr-cardiomegaly", "20261110"))
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, day) in enumerate(taken):
            film = dcmread(samples / f"{name}.dcm")
            film.PatientID, film.PatientName = "S83", "罗^对照"
            film.AccessionNumber = ""
            film.StudyDate = film.SeriesDate = film.ContentDate = film.AcquisitionDate = day
            film.AcquisitionDateTime = f"{day}101500+0800"
            film.StudyInstanceUID = f"1.2.83{number}"
            film.SeriesInstanceUID, film.SOPInstanceUID = f"1.2.83{number}.1", f"1.2.83{number}.1.1"
            film.file_meta.MediaStorageSOPInstanceUID = film.SOPInstanceUID
            film.save_as(Path(folder) / f"{number}.dcm")
        _send(home, *sorted(Path(folder).glob("*.dcm")))
    for name, size in (("", (1600, 1000)), ("-1280", (1280, 720))):
        page = log_in(browser, home.port, "reader", home.passwords["reader"], size=size)
        rows = page.locator(".wl-row", has_text="罗对照")
        rows.nth(1).wait_for(timeout=120_000)
        for row in rows.all():  # the later one has something to be compared with
            row.click()
            page.wait_for_function("() => window.__wb?.film?.stage === 'full'", timeout=60_000)
            if "2026-11-10" in str(page.locator(".wb-film .wb-corner").first.text_content()):
                break
        page.wait_for_function(BESIDE, timeout=60_000)
        album.take(page, f"reading-beside{name}")
        if name:
            page.context.close()
            continue
        with page.expect_popup() as opened:
            page.locator(".wb-film").press("u")
        opened.value.wait_for_function(FULL, timeout=60_000)
        album.take(page, "reading-two-windows")
        album.take(opened.value, "second-window")
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
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screens"), "".join(sys.argv[2:3]))
