"""A released report with its pictures on any screen, for review only; no kernel, little script."""

from collections.abc import Callable
from typing import Any

from tornado import web

from workbench.formats import report_layout
from workbench.formats.edge_letters import edges_of, side_known
from workbench.formats.mark_drawing import LETTER, Drawn, drawn, shape_of
from workbench.formats.mark_words import calibration_words
from workbench.formats.view_picture import STRIP
from workbench.language import CONTEXT_MARK, languages
from workbench.server import headers
from workbench.server.desk import Desk
from workbench.workflow import view_only
from workbench.workflow.missing_pictures import reason_in_words
from workbench.workflow.signed_marks import calibration_of
from workbench.workflow.view_only import View, ViewFilm

Translate = Callable[[str], str]
UNSAID = (None, "", "U")  # the part of the body has no sides: nothing to be said of them
OTHER = {"zh_CN": "en", "en": "zh_CN"}


def address(report_id: str, lang: str = "") -> str:
    """Where a version is looked at."""
    return f"/wb/view/{report_id}" + (f"?lang={lang}" if lang else "")


class ViewPage(Desk):
    """Report, pictures and marks of one signed version."""

    @property
    def language(self) -> str:
        """The language asked for on this page alone, else the person's own."""
        asked = self.get_query_argument("lang", "")
        return asked if asked in languages() else super().language

    @web.authenticated
    async def get(self, report_id: str) -> None:
        """Show it."""
        asked = self.get_query_argument("lang", "")
        lang = asked if asked in languages() else ""

        def there(other: str) -> str:
            return address(other, lang)

        seen = await self.off_loop(
            view_only.look, self.station, self.actor, report_id, there, self.language
        )
        self.set_header("Content-Security-Policy", headers.script_policy())
        other = address(report_id, OTHER[self.language])
        self.page("view.html", **shown(seen, self.translate), other=other)


class ViewPicture(Desk):
    """One film as a picture that says what it is not for."""

    @web.authenticated
    async def get(self, report_id: str, instance_id: str) -> None:
        """Send it; asked for every time, because what may be looked at may change."""
        allowed = await self.off_loop(
            view_only.picture, self.station, self.actor, report_id, instance_id
        )
        etag = f'"{allowed.digest}"'
        self.set_header("Cache-Control", "private, no-cache")
        self.set_header("ETag", etag)
        self.set_header("Content-Type", "image/jpeg")
        if etag in self.request.headers.get("If-None-Match", ""):
            self.set_status(304)
            self.finish()
            return
        self.finish(await self.off_loop(view_only.jpeg, self.station, allowed))

    def compute_etag(self) -> None:
        """The digest is the tag."""


def shown(seen: View, _: Translate) -> dict[str, Any]:
    """The facts of the page in words."""
    page = seen.page
    facts = report_layout.laid_out(page, _)
    return {
        "facts": facts,
        "kind": page.kind.value,
        "who": " ".join(
            (page.patient.name or _("name not given"), *_known(page.patient, _)),
        ),
        "when": taken(seen, _),
        "part": page.body_part,
        "site": seen.site_name,
        "state": page.mark.value,
        "recheck": report_layout.clock(seen.exam.recheck_since, seen.time_zone) or "",
        "films": [film(one, seen, _) for one in seen.films],
        "missing": [
            {
                "label": title(one.number, seen.files, one.file.header, _),
                "reason": reason_in_words(one.reason, _)
                or _("The picture of this file is still being made."),
            }
            for one in seen.missing
        ],
        "pdf": f"/wb/report/{seen.report_id}.pdf",
        "report_id": seen.report_id,
    }


def _known(patient: Any, _: Translate) -> list[str]:
    """Sex and age, as far as they are known."""
    sex = report_layout.sex(patient, _) if patient.sex else ""
    age = report_layout.age(patient, _) if patient.age_years is not None else ""
    return [part for part in (sex, age) if part]


def taken(seen: View, _: Translate) -> str:
    """When it was taken; an arrival that stands in for it is called one."""
    exam = seen.exam
    at = report_layout.clock(exam.taken_at, seen.time_zone) or ""
    return at if exam.exam_end or exam.exam_start else _("received {at}").format(at=at)


def title(number: int, files: int, header: Any, _: Translate) -> str:
    """What a film is called: its number, view and side."""
    said = (
        _(noun + CONTEXT_MARK + header[key]) if header.get(key) not in UNSAID else ""
        for noun, key in (("View", "view"), ("Laterality", "laterality"))
    )
    return " ".join(part for part in (f"{number}/{files}", *said) if part)


def film(one: ViewFilm, seen: View, _: Translate) -> dict[str, Any]:
    """One film: where its picture is, how large it is drawn, and its marks."""
    width, height = shape_of(one.meta)
    strip = STRIP * width
    marks = drawn(one.marks, one.meta, _)
    size = LETTER * width
    return {
        "id": one.file.id,
        "title": title(one.number, seen.files, one.file.header, _),
        "url": f"/wb/view/{seen.report_id}/{one.file.id}.jpg",
        "key": one.key,
        "late": one.late,
        "box": f"0 {-strip:.2f} {width:.2f} {height + 2 * strip:.2f}",
        "width": f"{width:.2f}",
        "whole": f"{height + 2 * strip:.2f}",
        "top": f"{-strip:.2f}",
        "letters": f"{size:.2f}",
        "marks": [mark(m) for m in marks],
        "calibration": calibration_words(calibration_of(one.meta), _) if marks else "",
        "edges": edges_of(one.meta["tags"]) or {},
        "sides": side_known(one.meta["tags"]),
        "notes": [_(str(note)) for note in one.meta.get("notes", ())],
    }


def mark(one: Drawn) -> dict[str, Any]:
    """A mark with its words one under the other."""
    x, y = one.at
    return {
        "number": one.number,
        "lines": one.lines,
        "ellipses": one.ellipses,
        "x": f"{x:.1f}",
        "y": f"{y:.1f}",
        "end": one.end,
        "words": one.words,
        "listed": one.listed,
    }
