"""Report texts with named gaps; a gap that was not measured stays visible."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from workbench.domain.errors import Invalid
from workbench.domain.kinds import ExamKind

AGES = ("child", "adult")
GAP = "____"  # what `domain.report.problems` looks for: a report with a gap cannot be signed
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """One gap: the measurement that fills it, and how many decimals are written."""

    name: str
    zh: str
    en: str
    unit: str = ""
    decimals: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateText:
    """The words of a template in one language."""

    name: str
    findings: str
    impression: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTemplate:
    """A text a reader may start from, in every language it exists in.

    `parts` and `ages` say whom it was written for; empty means for all.
    """

    id: str
    kind: ExamKind
    edition: str
    source: str
    certainty: str
    codes: tuple[str, ...]
    texts: Mapping[str, TemplateText]
    parts: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    placeholders: Mapping[str, Placeholder] = field(default_factory=lambda: MappingProxyType({}))

    def fits(self, part: str | None, age: str | None) -> bool:
        """Whether it was written for this part and age.

        Parameters
        ----------
        part : str or None
            A code of the body parts; None when it is not known, which fits all.
        age : str or None
            "child" or "adult"; None when it is not known, which fits all.
        """
        right_part = part is None or not self.parts or part in self.parts
        return right_part and (age is None or not self.ages or age in self.ages)

    def text(self, language: str) -> TemplateText:
        """Return the words in this language; raise Invalid naming those that exist."""
        try:
            return self.texts[language]
        except KeyError:
            offered = ", ".join(sorted(self.texts))
            raise Invalid("template language", language, f"one of {offered}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledTemplate:
    """A template with its gaps filled; `residue` names the gaps that stayed open."""

    findings: str
    impression: str
    codes: tuple[str, ...]
    residue: tuple[str, ...]


def names_in(text: str) -> tuple[str, ...]:
    """Name the placeholders of a text, in order of appearance.

    Parameters
    ----------
    text : str
        A template text with gaps such as ``{hr}``.

    Returns
    -------
    tuple of str
        Names without braces, repeats kept.
    """
    return tuple(_PLACEHOLDER.findall(text))


def fill(
    template: ReportTemplate, language: str, values: Mapping[str, float | str | None]
) -> FilledTemplate:
    """Write measured values into the gaps of a template.

    Parameters
    ----------
    template : ReportTemplate
        The text to fill.
    language : str
        A language the template exists in, such as ``zh_CN``.
    values : Mapping[str, float | str | None]
        Values by placeholder name, in the unit of the placeholder. A name that is missing, None,
        an empty string or not a finite number leaves its gap open; names the template does not
        use are ignored.

    Returns
    -------
    FilledTemplate
        Texts in which open gaps read ``____``, and the names of those gaps.

    Raises
    ------
    Invalid
        If the template does not exist in this language.
    """
    words = template.text(language)
    residue: list[str] = []

    def written(match: re.Match[str]) -> str:
        name = match[1]
        value = _as_text(values.get(name), template.placeholders[name].decimals)
        if value is None:
            if name not in residue:
                residue.append(name)
            return GAP
        return value

    return FilledTemplate(
        findings=_PLACEHOLDER.sub(written, words.findings),
        impression=_PLACEHOLDER.sub(written, words.impression),
        codes=template.codes,
        residue=tuple(residue),
    )


def _as_text(value: float | str | None, decimals: int) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip() or None
    if not math.isfinite(value):
        return None
    return f"{round(value, decimals) + 0.0:.{decimals}f}"  # + 0.0: minus zero is written as zero
