"""Preview, full depth, memory and mistakes of the film viewer in a real browser."""

import threading

from browser_page import Page
from films import PLAIN, opened, shows, src

from workbench.widgets.film_viewer import FilmViewer


def test_the_preview_comes_first_and_says_what_it_is(film: Page) -> None:
    gate = film.server.gates["/f/a"] = threading.Event()
    film.mount("film", FilmViewer(src=src("a")))
    film.wait("models.film.get('shown').stage === 'preview'")
    assert film.tab.locator("#film .wb-preview").is_visible()
    assert "预览图，不可用于阅片" in film.tab.locator("#film .wb-chips").text_content()
    gate.set()
    opened(film, "a")
    assert film.tab.locator("#film .wb-preview").is_hidden()
    assert film.tab.locator("#film .wb-chips").text_content() == ""


def test_marks_belong_to_their_film(film: Page) -> None:
    film.mount("film", FilmViewer(src=src("a"), prefetch=[src("b")], height=900))
    opened(film, "a")
    film.tab.keyboard.press("l")
    box = film.tab.locator("#film .wb-screen").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    film.tab.mouse.move(x - 60, y)
    film.tab.mouse.down()
    film.tab.mouse.move(x + 60, y + 30, steps=5)
    film.tab.mouse.up()
    film.wait("models.film.get('annotations').length === 1")
    film.set("film", "src", src("b"))
    opened(film, "b")
    film.wait("models.film.get('annotations').length === 0")
    film.set("film", "src", src("a"))
    opened(film, "a")
    film.wait("models.film.get('annotations').length === 1")


def test_the_next_film_comes_from_memory_and_memory_stays_bounded(film: Page) -> None:
    film.mount("film", FilmViewer(src=src("a"), prefetch=[src("b"), src("c")]))
    film.wait("window.__wb?.film?.held?.length === 3")
    film.set("film", "prefetch", [src("c"), src("d")])
    film.set("film", "src", src("b"))
    opened(film, "b")
    assert film.server.asked.count("/f/b") == 1
    film.wait("[...window.__wb.film.held].sort().join() === 'b,c,d'")


def test_the_next_film_is_sampled_for_the_screen_before_anyone_asks_for_it(film: Page) -> None:
    film.mount("film", FilmViewer(src=src("a"), prefetch=[src("b")], height=900))
    film.wait("window.__wb?.film?.ready?.join() === 'b'")
    assert film.facts()["film"]["sampled"] == "now"
    film.set("film", "src", src("b"))
    opened(film, "b")
    shows(film, [g + 6 for g in PLAIN])  # a hundred brighter in a window of four thousand
    assert film.facts()["film"]["sampled"] == "ahead"
    film.tab.keyboard.press("t")  # and what lies otherwise is sampled as it lies
    film.wait("window.__wb.film.sampled === 'now'")


def test_nothing_of_the_last_patient_stays_while_the_next_one_loads(film: Page) -> None:
    film.server.gates["/p/b.jpg"] = threading.Event()
    gate = film.server.gates["/f/b"] = threading.Event()
    film.mount("film", FilmViewer(src=src("a", caption=["甲"]), height=900))
    opened(film, "a")
    film.set("film", "src", src("b", caption=["乙"]))
    shows(film, [0, 0, 0, 0])
    assert film.tab.locator("#film .wb-corner[data-at=nw]").text_content() == "乙"
    gate.set()
    opened(film, "b")


def test_a_broken_film_leaves_the_preview_and_says_that_it_is_not_for_reading(film: Page) -> None:
    film.server.blobs["/f/a"] = film.server.blobs["/f/a"][:-20]
    film.mount("film", FilmViewer(src=src("a")))
    film.wait("window.__wb?.stage === 'error'")
    assert film.tab.locator("#film .wb-preview").is_visible()
    assert (
        film.tab.locator("#film .wb-notice")
        .text_content()
        .startswith("无法显示全灰阶影像；此预览图不可用于阅片。")
    )
    film.set("film", "src", src("b"))
    opened(film, "b")


def test_two_viewers_share_nothing(film: Page) -> None:
    film.mount("one", FilmViewer(src=src("a"), height=470))
    opened(film, "a", "one")
    film.mount("two", FilmViewer(src=src("a"), height=470))
    opened(film, "a", "two")
    film.tab.locator("#one [data-name=Length]").click()
    box = film.tab.locator("#one .wb-screen").bounding_box()
    film.tab.mouse.move(box["x"] + 640, box["y"] + 215)
    film.tab.mouse.down()
    film.tab.mouse.move(box["x"] + 740, box["y"] + 220, steps=5)
    film.tab.mouse.up()
    film.wait("models.one.get('annotations').length === 1")
    film.tab.locator("#one [data-name=invert]").click()
    shows(film, [255 - v for v in PLAIN], "one")
    shows(film, PLAIN, "two")
    assert film.trait("two", "annotations") == []
    assert film.tab.locator("#two svg text").count() == 0
    film.tab.evaluate("closers.one()")
    assert film.tab.evaluate("models.one.listeners()") == 0
    film.set("two", "src", src("b"))
    opened(film, "b", "two")
