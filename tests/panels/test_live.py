"""Notices wait while a case is being laid on the page, and not for ever."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import make
from workbench.panels import live
from workbench.panels.desk import Desk
from workbench.panels.live import Live

PATIENCE_S, LOOK_S = 10.0, 0.02


def by_itself(day: Coroutine[object, object, None]) -> None:
    """In a thread: the browser's driver keeps a loop in that of the tests."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, day).result()


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110 - looked at is a plain flag
            await asyncio.sleep(LOOK_S)


@pytest.fixture
def looks() -> list[str]:
    return []


@pytest.fixture
def page(county, looks) -> Live:
    return Live(Desk(county, lambda: "reader"), lambda: looks.append("looked"))


def test_what_is_heard_while_a_case_is_laid_is_looked_at_when_it_is_seen(page, looks, screened):
    async def day() -> None:
        page.begin()
        page.wait()
        await asyncio.to_thread(screened, make.make_film())
        await until(lambda: page._heard_meanwhile)
        assert looks == []
        page.go_on()
        await until(lambda: looks)
        page.close()

    by_itself(day())


def test_a_browser_that_never_says_so_holds_nothing_up(page, looks, screened, monkeypatch):
    async def day() -> None:
        monkeypatch.setattr(live, "LONGEST", 0.5)
        page.begin()
        page.wait()
        await asyncio.to_thread(screened, make.make_film())
        await until(lambda: looks)
        page.close()

    by_itself(day())


def test_without_a_case_being_laid_a_notice_is_answered_at_once(page, looks, screened):
    async def day() -> None:
        page.begin()
        await asyncio.to_thread(screened, make.make_film())
        await until(lambda: looks)
        assert not page._heard_meanwhile
        page.close()

    by_itself(day())
