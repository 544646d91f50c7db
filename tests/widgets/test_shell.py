"""The shell in a real browser, and its Python side."""

import pytest
from browser_page import Page

from workbench.widgets.shell import Shell


def said(shell: Shell, content: object) -> None:
    """Deliver a message as ipywidgets does."""
    shell._handle_custom_msg(content, [])


def test_the_browser_is_answered_with_its_own_number() -> None:
    shell = Shell()
    said(shell, {"kind": "beat", "n": 1700000000123})
    assert shell.beat == 1700000000123


def test_only_listed_keys_are_heard_and_each_press_counts() -> None:
    shell = Shell(hot_keys=["n"])
    heard: list[object] = []
    shell.observe(lambda change: heard.append(change.new), "last_key")
    for content in (
        {"kind": "key", "key": "n"},
        {"kind": "key", "key": "x"},
        {"kind": "key", "key": "n"},
    ):
        said(shell, content)
    assert heard == [{"key": "n", "n": 1}, {"key": "n", "n": 2}]


@pytest.mark.parametrize(
    "content", [None, [], "n", {"kind": "beat", "n": "1"}, {"kind": "key", "key": ["n"]}, {}]
)
def test_senseless_messages_change_nothing(content: object) -> None:
    shell = Shell(hot_keys=["n"])
    said(shell, content)
    assert (shell.beat, shell.last_key) == (0, {})


def test_a_page_without_answers_says_so_and_an_answer_takes_it_back(page: Page) -> None:
    page.mount("shell", Shell(beat_seconds=0.2, patience_seconds=0.5))
    banner = page.tab.locator(".wb-disconnected")
    assert banner.is_hidden()
    page.wait("window.__wb?.connected === false")
    assert banner.is_visible()
    assert banner.text_content().startswith("连接已断开，请刷新页面。草稿已保存。")
    page.tab.evaluate(
        "models.shell.set('beat', models.shell.sent.filter((m) => m.kind === 'beat').at(-1).n)"
    )
    assert banner.is_hidden()


def test_a_page_that_is_answered_stays_quiet(page: Page) -> None:
    page.mount("shell", Shell(beat_seconds=0.2, patience_seconds=0.5))
    page.tab.evaluate("""() => new Promise((done) => {
      const model = models.shell;
      let seen = 0;
      model.send = (message) => {
        if (message.kind !== "beat") return;
        seen += 1;
        queueMicrotask(() => model.set("beat", message.n));
        if (seen === 8) done();
      };
    })""")
    assert page.tab.locator(".wb-disconnected").is_hidden()


def test_a_closed_channel_is_noticed_at_the_next_beat(page: Page) -> None:
    page.mount("shell", Shell(beat_seconds=0.2, patience_seconds=60))
    page.tab.evaluate("models.shell.broken = true")
    page.wait("window.__wb?.connected === false")


def test_keys_reach_python_unless_someone_is_typing(page: Page) -> None:
    page.mount("shell", Shell(hot_keys=["n", "ctrl+Enter"]))
    page.tab.evaluate(
        "document.body.append(Object.assign(document.createElement('textarea'), {id: 'report'}))"
    )
    page.tab.keyboard.press("n")
    page.tab.keyboard.press("x")
    page.tab.locator("#report").press("n")
    page.tab.evaluate("document.activeElement.blur()")
    page.tab.keyboard.press("Control+Enter")
    keys = page.tab.evaluate("models.shell.sent.filter((m) => m.kind === 'key').map((m) => m.key)")
    assert keys == ["n", "ctrl+Enter"]


def test_an_address_of_another_host_is_not_opened(page: Page) -> None:
    page.server.blobs["/report.pdf"] = b"%PDF-1.7"
    page.mount("shell", Shell())
    page.tab.evaluate(
        "models.shell.receive({kind: 'open_url', url: 'http://example.org/x', download: 'x'})"
    )
    with page.tab.expect_download() as got:
        page.tab.evaluate(
            "models.shell.receive({kind: 'open_url', url: '/report.pdf', download: '报告.pdf'})"
        )
    assert got.value.suggested_filename == "报告.pdf"


def test_times_are_written_in_the_time_of_the_reader(page: Page) -> None:
    page.mount("shell", Shell())
    page.tab.evaluate("""document.body.insertAdjacentHTML("beforeend",
      '<time class="wb-local" datetime="2026-11-22T03:05:09Z"></time>')""")
    page.wait("document.querySelector('time').textContent !== ''")
    assert page.tab.locator("time").text_content() == "2026/11/22 11:05:09"
    assert page.trait("shell", "time_zone") == "Asia/Shanghai"


def test_closing_the_shell_leaves_nothing_behind(page: Page) -> None:
    page.mount("shell", Shell(hot_keys=["n"]))
    page.tab.evaluate("closers.shell()")
    page.tab.keyboard.press("n")
    assert page.tab.evaluate("models.shell.listeners()") == 0
    assert page.tab.evaluate("models.shell.sent.some((m) => m.kind === 'key')") is False
    assert page.tab.locator(".wb-disconnected").count() == 0
