"""Pictures of ECGs, chest leads named by a person, a phone, and two viewers beside each other."""

import shutil
from datetime import datetime
from zoneinfo import ZoneInfo

import psycopg
import pytest

from tests.journeys import phone
from tests.journeys.arriving import settled
from tests.journeys.browser import log_in, outside
from tests.journeys.phone import PHONE
from tests.journeys.pictures import check_picture, make_papers, printed_text, uploaded
from workbench.settings import Settings
from workbench.store.embedded import address_of

pytestmark = pytest.mark.browser
NAME = "张伟"  # the normal ECG of data_samples
SAID = "不能测量：该心电图为来件图片，按原样印出，未按比例"
WHY = "镇卫生院来电：V3、V4 放在右胸"


@pytest.fixture(scope="module")
def ready(home):
    settled(home)
    return home


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    return make_papers(tmp_path_factory.mktemp("papers"))


def reading(browser, home, username="reader", **given):
    page = log_in(browser, home.port, username, home.passwords[username], **given)
    page.locator(".wl-row").first.wait_for(timeout=120_000)
    return page


def open_ecg(page, name):
    page.locator(".wl-row", has_text=name).first.click()
    page.locator("aside.case", has_text=name).wait_for()
    page.wait_for_function("() => window.__wb?.ecg?.stage === 'full'", timeout=60_000)


def rows_of(home, query):
    with psycopg.connect(address_of(Settings(home=home.home)).app_dsn) as conn:
        return conn.execute(query).fetchall()


# --- pictures of ECGs -------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_a_picture_of_an_ecg_is_filed_only_by_word_read_unmeasured_and_says_so_on_paper(
    ready, chromium, papers
):
    clinic = log_in(chromium, ready.port, "clinic", ready.passwords["clinic"])
    exams = uploaded(clinic, papers)
    page = reading(chromium, ready)
    for name, exam in exams.items():
        page.locator(f".wl-row[data-exam='{exam}']").click(timeout=60_000)
        page.locator(f".wl-row.open[data-exam='{exam}']").wait_for()
        page.locator(".ecg-picture img").wait_for(timeout=60_000)
        pages = name.endswith(".pdf")
        assert ("只显示第一页" in page.locator(".ecg-picture figcaption").inner_text()) == pages
        check_picture(page)
        page.locator("[data-field=findings]").fill("图片示窦性心律。")
        page.locator("[data-field=impression]").fill("大致正常心电图。")
        page.locator("[data-sign]").click()
        page.locator("[data-sign-yes]").click()
        link = page.locator("a[href*='/wb/report/']").first
        link.wait_for()
        address = f"http://127.0.0.1:{ready.port}" + link.get_attribute("href")
        text = printed_text(page.request.get(address).body())
        assert SAID in text
        assert ("共2页，只印第1页" in text) == pages
        assert "图片示窦性心律。" in text
        assert "mm/mV" not in text  # no calibrated sheet is made up for it
        page.locator(f".wl-row[data-exam='{exam}']").wait_for(state="detached")
    # the clinic that sent them gets the papers
    clinic.locator("tr[data-exam] a[href*='/wb/report/']").nth(1).wait_for(timeout=60_000)
    for one in (clinic, page):
        assert outside(one, ready.port) == []
        one.context.close()


# --- chest leads named by a person ------------------------------------------------------------


def leads_of(page):
    """Leads the viewer has, by the list it offers for the rhythm strip."""
    return page.locator(".wb-ecg [data-name=rhythm_lead] option").all_inner_texts()


def named(page, want, missing):
    page.wait_for_function(
        """([want, missing]) => {
          const all = [...document.querySelectorAll('.wb-ecg [data-name=rhythm_lead] option')]
            .map((one) => one.value);
          return want.every((l) => all.includes(l)) && !missing.some((l) => all.includes(l));
        }""",
        arg=[want, missing],
        timeout=60_000,
    )


def dialog(page):
    page.locator("[data-name-leads]").click()
    page.locator(".leads[role=dialog]").wait_for()


def check_refusals(page):
    """A name that stands twice is refused by the dialog, and by the server when it comes anyway."""
    dialog(page)
    save = page.locator(".leads button[type=submit]")
    assert save.is_disabled()  # nothing changed yet
    page.locator(".leads select[data-lead=V3]").select_option("V4")
    page.locator("[data-field=lead_reason]").fill(WHY)
    said = page.locator(".leads [role=alert]").inner_text()
    assert said == "名称重复：V4。每个名称只能用于一个电极，请把另一个也改名。"
    assert save.is_disabled()
    page.locator(".leads form").evaluate("form => form.requestSubmit()")
    answer = page.locator(".pg-say.error")
    answer.wait_for()
    assert "V4" in answer.inner_text()
    assert "每个名称只能用一次" in answer.inner_text()
    answer.locator("button").click()


def test_chest_leads_are_named_by_a_person_seen_by_all_undone_and_kept_in_the_audit(
    ready, chromium
):
    page = reading(chromium, ready)
    open_ecg(page, NAME)
    check_refusals(page)
    assert rows_of(ready, "select count(*) from lead_names") == [(0,)]

    dialog(page)
    page.locator(".leads select[data-lead=V3]").select_option("V3R")
    page.locator(".leads select[data-lead=V4]").select_option("V4R")
    save = page.locator(".leads button[type=submit]")
    assert save.is_disabled()  # without a reason
    page.locator("[data-field=lead_reason]").fill(WHY)
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    save.click()
    named(page, ["V3R", "V4R"], ["V3", "V4"])
    notes = page.locator(".wb-ecg .wb-info").inner_text()
    for old, new in (("V3", "V3R"), ("V4", "V4R")):
        assert f"文件中的 {old} 由 陈阅片 于 {today} 改为 {new}" in notes
    assert "缺少：V3, V4" in page.locator(".wb-ecg .wb-gate").inner_text()

    # another doctor sees the names, who gave them, and the reason beside the undoing
    other = reading(chromium, ready, "reviewer")
    open_ecg(other, NAME)
    named(other, ["V3R", "V4R"], ["V3", "V4"])
    assert "陈阅片" in other.locator(".wb-ecg .wb-info").inner_text()
    other.context.close()

    dialog(page)
    assert WHY in page.locator(".leads [data-before]").inner_text()
    page.locator(".leads [data-undo]").click()
    page.locator("[data-field=lead_reason]").fill("卫生院更正：位置无误")
    page.locator(".leads button[type=submit]").click()
    named(page, ["V3", "V4"], ["V3R", "V4R"])
    assert "改为" not in page.locator(".wb-ecg .wb-info").inner_text()
    page.context.close()

    kept = "select number, names, reason, by from lead_names order by number"
    given = {"V3": "V3R", "V4": "V4R"}
    assert rows_of(ready, kept) == [
        (1, given, WHY, "reader"),
        (2, {}, "卫生院更正：位置无误", "reader"),
    ]
    noted = "select actor, detail from audit where act = 'leads.name' order by at"
    assert [(by, d["was"], d["now"], d["reason"]) for by, d in rows_of(ready, noted)] == [
        ("reader", {}, given, WHY),
        ("reader", given, {}, "卫生院更正：位置无误"),
    ]


# --- a phone, and two viewers -----------------------------------------------------------------


def test_a_phone_shows_every_lead_obeys_fingers_and_keys_and_cuts_nothing_off(ready, chromium):
    page = reading(chromium, ready, **PHONE)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    phone.check_fits(page)
    page.locator(".wl-row", has_text=NAME).first.tap()
    page.wait_for_function("() => window.__wb?.ecg?.stage === 'full'", timeout=60_000)
    phone.check_fits(page)
    phone.check_strip(page)
    phone.check_fingers(page)
    phone.check_keys(page)
    phone.check_beat(page)
    phone.check_fits(page)
    assert errors == []
    page.context.close()


def looks_of(page):
    """What a viewer shows of its own: settings, size, calipers, and the marks of the beat."""
    return page.evaluate(
        """() => {
          const viewer = document.querySelector('.wb-ecg');
          const over = viewer.querySelector('canvas[data-layer=over]');
          const bar = viewer.querySelector('.wb-bar');
          const { data } = over.getContext('2d').getImageData(0, 0, over.width, over.height);
          return {
            settings: [...bar.querySelectorAll('select')].map((one) => one.value),
            pressed: [...bar.querySelectorAll('[aria-pressed]')].map((one) => one.ariaPressed),
            sheet: viewer.querySelector('.wb-sheet').style.width,
            calipers: data.some((value) => value > 0),
            marks: window.__wb.beat?.marks ?? null,
          };
        }"""
    )


def painted(page):
    """Until the viewer has painted what was asked of it: it does so before the next frame."""
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


def test_two_viewers_beside_each_other_share_no_state(ready, chromium):
    """Two pages of one account, and one of another, at the same ECG."""
    one = reading(chromium, ready)
    open_ecg(one, NAME)
    second = one.context.new_page()
    second.goto(one.url)
    second.wait_for_function("() => window.__wb?.ecg?.stage === 'full'", timeout=120_000)
    other = reading(chromium, ready, "reviewer")
    open_ecg(other, NAME)
    for page in (one, second, other):  # the averaged beat is loaded and measured in all of them
        page.locator(".wb-ecg").press("q")
        page.wait_for_function("() => window.__wb.beat?.marks?.t_end > 0", timeout=30_000)
        page.locator(".wb-ecg").press("q")
    before = [looks_of(page) for page in (second, other)]
    assert before[0] == before[1] == looks_of(one)

    viewer = one.locator(".wb-ecg")
    for key in "4gosfjhbp+":
        viewer.press(key)
    box = one.locator(".wb-paper").bounding_box()
    one.mouse.move(box["x"] + 300, box["y"] + 200)
    one.mouse.down()
    one.mouse.move(box["x"] + 380, box["y"] + 160, steps=4)
    one.mouse.up()
    viewer.press("q")
    one.locator("[data-mark=t_end]").focus()
    one.keyboard.press("Shift+ArrowRight")
    viewer.press("q")
    painted(one)
    changed = looks_of(one)
    assert changed["calipers"]
    for name in ("settings", "pressed", "sheet", "marks"):
        assert changed[name] != before[0][name], name

    # a full turn through the kernels of the other two, then a look at them
    for page in (second, other):
        page.locator(".wb-ecg").press("s")
        page.locator(".wb-ecg").press("s")
        page.bring_to_front()
        painted(page)
    assert [looks_of(page) for page in (second, other)] == before
    # and what the others do does not come back
    second.locator(".wb-ecg").press("3")
    other.locator(".wb-ecg").press("Escape")
    assert looks_of(one) == changed
    for page in (one, other):
        page.context.close()

    # a page opened afresh begins as a new one, not where the last one stood
    again = reading(chromium, ready)
    open_ecg(again, NAME)
    assert looks_of(again)["settings"] == before[0]["settings"]
    again.context.close()
