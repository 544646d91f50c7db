"""What must hold of the reading page on a phone, looked at with fingers and with keys."""

from playwright.sync_api import Page

from tests.journeys.browser import Fingers

WIDE, HIGH = 390, 844
PHONE = {
    "viewport": {"width": WIDE, "height": HIGH},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
# Toolbars scroll sideways on purpose, and whole sheets are moved under the finger.
CUT_OFF = """() => [...document.querySelectorAll('.wb-page *')].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1)
    && one.checkVisibility({ visibilityProperty: true })
    && !one.closest('.wb-bar > *, .wb-sheet, .wb-st');
}).map((one) => `${one.tagName} ${one.className}`)"""
# What can be seen of the viewer: settings, pressed buttons, open panels, and the drawn layers.
LOOK = """() => {
  const viewer = document.querySelector('.wb-ecg');
  const all = (css) => [...viewer.querySelectorAll(css)];
  return JSON.stringify([
    all('select').map((one) => one.value), all('[aria-pressed]').map((one) => one.ariaPressed),
    all('.wb-help, .wb-dialog, .wb-beat, .wb-compare').map((one) => one.hidden),
    viewer.querySelector('[data-name=time]').textContent,
    viewer.querySelector('.wb-sheet').style.width,
    all('canvas').map((one) => one.width && one.toDataURL()),
  ]);
}"""
TIME = "document.querySelector('.wb-ecg [data-name=time]').textContent"
# Lines of the list of keys, and presses that must each be seen to do something.
PRESSES = {
    "1 2 3 4": "1234", "O": "oo", "S": "ss", "G": "ggg", "F": "fff", "J": "jjjj", "H": "hh",
    "B": "bb", "D": "dd", "P": "pp", "M": "mm", "C": ["c", "Escape"], "?": "??", "Q": "qq",
    "+ − 0": "+-+0",
    "← →": ["ArrowRight", "ArrowLeft"], "[ ]": "][", "Home End": ["End", "Home"],
    "Y": "1y4", "I": "1ii4",  # both belong to the strip of 3×4+1
}  # fmt: skip
WITH_CALIPER = {"Delete": ["Delete"], "U": ["u"], "Ctrl+Y": ["Control+y"], "Esc": ["u", "Escape"]}
# Fingers: below. Real size: after the ruler step. The others want a mouse, a beat, a prior, a
# statement or a print: tests/widgets, tests/frontend and the journey of test_ecg_reading.py.
ELSEWHERE = {
    "拖动", "Shift + 拖动", "Alt + 拖动", "触屏", "R", "Tab ← → Shift", "V", "X", "W", "Ctrl+P",
    "↑ ↓", "A", "E", "T",
}  # fmt: skip


def check_fits(page: Page) -> None:
    """Nothing hangs over the edge, and the way out is in reach."""
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate("document.documentElement.scrollWidth") == WIDE
    out = page.get_by_text("退出登录").bounding_box()
    assert out is not None
    assert out["x"] + out["width"] <= WIDE


def check_strip(page: Page) -> None:
    """All leads are on the screen at once, and a second is wide enough to be read."""
    page.wait_for_function("() => document.querySelector('.stage').getBoundingClientRect().y < 60")
    paper, sheet = (page.locator(css).first.bounding_box() for css in (".wb-paper", ".wb-sheet"))
    assert paper["y"] >= 0
    assert paper["y"] + paper["height"] <= HIGH
    assert sheet["height"] <= paper["height"] + 1
    assert sheet["width"] <= WIDE
    begin, end = _span(page)
    assert begin == 0
    assert 3 <= end <= 5  # near real size
    small = """() => [...document.querySelectorAll('.wb-bar button, .wb-bar select, .wb-scrub')]
      .map((one) => one.getBoundingClientRect())
      .filter((box) => box.width && Math.min(box.width, box.height) < 43).length"""
    assert page.evaluate(small) == 0


def check_fingers(page: Page) -> None:
    """Sideways moves the recording, upwards the page; two enlarge, one held still measures."""
    touch = Fingers(page)
    box = page.locator(".wb-sheet").first.bounding_box()
    x, y = box["x"] + 200, box["y"] + 250
    touch.move(((x + 120, y), (x - 120, y)))
    page.wait_for_function(f"() => !{TIME}.startsWith('0–')")
    begin, end = _span(page)
    before = page.evaluate(TIME)
    touch.move(((x - 30, y), (x - 90, y)), ((x + 30, y), (x + 90, y)))
    page.wait_for_function(f"(before) => {TIME} !== before", arg=before)
    assert _span(page)[1] - _span(page)[0] < end - begin
    page.locator(".wb-ecg [data-name=fit]").tap()
    page.locator(".wb-ecg").press("Home")
    page.wait_for_function(f"() => {TIME}.startsWith('0–')")

    stage = "document.querySelector('.stage').getBoundingClientRect().y"
    top = page.evaluate(stage)
    touch.move(((x, y + 150), (x, y - 150)))
    page.wait_for_function(f"() => {stage} < {top} - 100")
    page.locator(".stage").evaluate("stage => stage.scrollIntoView()")
    hold(page, touch, (x, y))


def hold(page: Page, touch: Fingers, at: tuple[float, float]) -> None:
    """Draw a caliper with a finger that was held still."""
    before = page.evaluate(LOOK)
    touch("touchStart", at)
    page.wait_for_function(f"(before) => ({LOOK})() !== before", arg=before)  # it begins to draw
    touch("touchMove", (at[0] + 60, at[1] - 20))
    touch("touchEnd")
    page.wait_for_function("() => !document.querySelector('.wb-ecg [data-name=remove]').disabled")


def check_keys(page: Page) -> None:
    """Every key that the list names does something that can be seen."""
    listed = page.locator(".wb-ecg .wb-help dt").all_text_contents()
    assert {line for line in listed if line} == {*PRESSES, *WITH_CALIPER, *ELSEWHERE}
    for line, keys in {**WITH_CALIPER, **PRESSES}.items():
        for key in keys:
            _press(page, line, key)


def _press(page: Page, line: str, key: str) -> None:
    before = page.evaluate(LOOK)
    if not page.locator(".wb-ecg .wb-dialog").is_hidden():
        page.keyboard.press(key)
    else:
        page.locator(".wb-ecg").press(key)
    try:
        page.wait_for_function(f"(before) => ({LOOK})() !== before", arg=before, timeout=5_000)
    except Exception as error:
        raise AssertionError(f"{line}: {key} does nothing that can be seen") from error


def check_beat(page: Page) -> None:
    """The averaged beat has the room of the paper, and its head stands in one line."""
    page.locator(".wb-ecg [data-name=beat]").tap()
    page.wait_for_function("() => window.__wb.beat?.shown")
    head = page.locator(".wb-beat > .wb-bar").bounding_box()
    assert head["height"] < 60
    drawn = page.locator(".wb-beat-paper").bounding_box()
    assert drawn["height"] >= 200
    assert drawn["x"] + drawn["width"] <= WIDE
    check_fits(page)
    page.locator(".wb-ecg [data-name=beat]").tap()


def _span(page: Page) -> tuple[float, ...]:
    words = str(page.evaluate(TIME)).split(" / ")[0]
    return tuple(float(one) for one in words.split("–"))
