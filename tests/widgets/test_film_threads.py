"""Films are fetched and unpacked beside the page, and in it where a browser refuses threads."""

from browser_page import Page
from films import PLAIN, opened, shows, src

from workbench.widgets.film_viewer import FilmViewer

COUNT = """
window.started = [];
const Own = window.Worker;
window.Worker = class extends Own {
  constructor(...given) { super(...given); window.started.push(this); }
};"""
NEVER = "window.Worker = class { constructor() { throw new Error('no threads here'); } };"
SILENT = """
window.Worker = class extends EventTarget {
  postMessage() {
    const said = new ErrorEvent("error", { message: "blocked", cancelable: true });
    setTimeout(() => this.onerror(said));
  }
  terminate() {}
};"""


def begun_with(page: Page, script: str) -> Page:
    page.tab.add_init_script(script)
    page.tab.reload()
    page.tab.wait_for_function("window.ready")
    return page


def test_threads_of_the_browser_unpack_and_end_with_the_viewer(film: Page) -> None:
    begun_with(film, COUNT)
    film.mount("film", FilmViewer(src=src("a"), prefetch=[src("b")], height=900))
    opened(film, "a")
    shows(film, PLAIN)
    film.wait("window.__wb.film.held.length === 2")
    assert 1 <= film.tab.evaluate("started.length") <= 2


def test_a_page_without_threads_shows_the_same(film: Page) -> None:
    begun_with(film, NEVER)
    film.mount("film", FilmViewer(src=src("a"), height=900))
    opened(film, "a")
    shows(film, PLAIN)


def test_a_thread_that_is_blocked_leaves_the_work_to_the_page(film: Page) -> None:
    begun_with(film, SILENT)
    film.mount("film", FilmViewer(src=src("a"), height=900))
    opened(film, "a")
    shows(film, PLAIN)
    film.set("film", "src", src("b"))
    opened(film, "b")
