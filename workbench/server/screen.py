"""The reading-room check: a test pattern, the light of the room, and what the reader saw."""

import json
import math
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup
from tornado import web

from workbench.domain.errors import Invalid
from workbench.domain.rulebook import RuleBook
from workbench.domain.screen_check import ScreenCheck, ScreenQuestion
from workbench.language import CONTEXT_MARK, DEFAULT_LANGUAGE, label
from workbench.server import headers
from workbench.server.desk import Desk
from workbench.widgets.check_texts import CHECK_TEXTS
from workbench.widgets.loader import digest
from workbench.workflow import preferences, screen_checks

PAGE = "/wb/screen"
SCRIPT = "screen_check.js"
ANSWERS = ("yes", "no")
ZONE = "Asia/Shanghai"  # screens stand where the readers are


class ScreenPage(Desk):
    """A plain page without a kernel: it must open also where nothing else of the house works."""

    @web.authenticated
    async def get(self) -> None:
        """Show the pattern and the questions."""
        if self.actor.must_change_password:
            self.redirect("/password")
            return
        seen = await self.off_loop(screen_checks.screens, self.station, self.actor)
        sizes = await self.off_loop(preferences.calibrations, self.station, self.actor)
        book = screen_checks.room()
        script = digest(SCRIPT)
        facts = {
            "texts": {text: self.translate(text) for text in CHECK_TEXTS},
            "sizes": dict(sizes),
            "ruler": book["ruler.length"].value,
            "last": {
                display: {
                    "text": self._said(one),
                    "failed": bool(one.failed),
                    "late": seen.now - one.at > seen.holds,
                }
                for display, one in seen.last.items()
            },
        }
        self.xsrf_token  # noqa: B018 - sets the cookie the script needs to keep a size
        self.set_header("Content-Security-Policy", headers.script_policy())
        self.page(
            "screen.html",
            script=f"/wb/static/{SCRIPT}?v={script[:16]}" if script else "",
            facts=_inside_script(facts),
            questions=self._questions(book),
            answers={said: self.translate(f"ScreenAnswer{CONTEXT_MARK}{said}") for said in ANSWERS},
            light=self._light(book),
            other=self.language == DEFAULT_LANGUAGE,
        )

    @web.authenticated
    async def post(self) -> None:
        """Keep what was seen, the size of the screen, or the language."""
        act = self.get_body_argument("act", "")
        if act == "size":
            await self._keep_size()
            return
        if act == "language":
            wanted = self.get_body_argument("language", "")[:20]
            await self.off_loop(preferences.speak, self.station, self.actor, wanted)
        else:
            display = self.get_body_argument("display", "")[:60]
            answers = {q: said == "yes" for q in ScreenQuestion if (said := self._said_of(q))}
            facts = {name: self._number(name) for name in screen_checks.FACTS}
            given = {name: value for name, value in facts.items() if math.isfinite(value)}
            await self.off_loop(
                screen_checks.record, self.station, self.actor, display, answers, given
            )
        self.redirect(PAGE, status=303)

    async def _keep_size(self) -> None:
        display = self.get_body_argument("display", "")[:60]
        value = self._number("px_per_mm")
        await self.off_loop(preferences.calibrate, self.station, self.actor, display, value)
        sizes = await self.off_loop(preferences.calibrations, self.station, self.actor)
        self.finish({"sizes": dict(sizes)})

    def _said_of(self, question: ScreenQuestion) -> str:
        said = self.get_body_argument(question.value, "")
        if said not in ("", *ANSWERS):
            raise Invalid("answers", said[:20], "yes or no to every question")
        return said

    def _number(self, name: str) -> float:
        try:
            return float(self.get_body_argument(name, ""))
        except ValueError:
            return math.nan

    def _questions(self, book: RuleBook) -> list[dict[str, Any]]:
        _, told = self.translate, _numbers(book)
        asked = {
            ScreenQuestion.DARK: _("The 5 % square inside the black square can be seen."),
            ScreenQuestion.BRIGHT: _("The 95 % square inside the white square can be seen."),
            ScreenQuestion.STEPS: _("All 18 steps differ from their neighbours."),
            ScreenQuestion.DIGITS: _(
                "On the dark, the middle and the light strip the digits 8 to 4 can be read."
            ),
            ScreenQuestion.LINES: _(
                "In the corners and the middle, upright and level lines are sharp, not grey areas."
            ),
            ScreenQuestion.SHAPE: _(
                "Circles are round, the white frame is whole, the ramps run without bands or "
                "colour."
            ),
            ScreenQuestion.LENGTH: _(
                "A ruler held against the bar reads {mm} mm, no more than {off} mm off."
            ).format(**told),
            ScreenQuestion.LIGHT: _(
                "The room is dim ({least} to {most} lx), and no window, lamp or white coat is "
                "reflected in the screen."
            ).format(**told),
        }  # fmt: skip
        return [{"name": q.value, "title": label(q, _), "text": asked[q]} for q in ScreenQuestion]

    def _light(self, book: RuleBook) -> dict[str, str]:
        _, source = self.translate, book["light.most"]
        return {
            "text": _(
                "Light at the screen, switched off and covered: {least} to {most} lx."
            ).format(**_numbers(book)),
            "source": f"{source.source} ({source.certainty}); {book['light.least'].source}",
        }

    def _said(self, one: ScreenCheck) -> str:
        _ = self.translate
        at = one.at.astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%d %H:%M")
        if one.failed:
            names = _(", ").join(label(q, _) for q in one.failed)
            return _(
                "Last checked {at}. Not seen: {names}. Dim the room or have the screen set; until "
                "then read films at another one."
            ).format(at=at, names=names)
        if ScreenQuestion.LENGTH not in one.answers:
            return _("Last checked {at}: all seen; the length was not measured.").format(at=at)
        return _("Last checked {at}: all seen.").format(at=at)


def _numbers(book: RuleBook) -> Mapping[str, str]:
    names = {
        "least": "light.least",
        "most": "light.most",
        "mm": "ruler.length",
        "off": "ruler.tolerance",
    }
    return {short: f"{book[name].value:g}" for short, name in names.items()}


def _inside_script(facts: Mapping[str, Any]) -> Markup:
    """JSON that cannot end the element it stands in."""
    text = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    return Markup(text)  # noqa: S704 - no "<" is left in it
