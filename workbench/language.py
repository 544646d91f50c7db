"""Words for people: catalogues by language, labels of states and roles, errors in plain sentences.

The catalogues are the ``.po`` files themselves, read strictly and once per language
(docs/decisions/0004-catalogues.md). English is the source; its catalogue holds only the labels
whose stored value is not what a person should read.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from itertools import chain
from string import Formatter

from workbench.domain.errors import Invalid, MoveRefused, WorkbenchError

DEFAULT_LANGUAGE = "zh_CN"
CONTEXT_MARK = "\x04"  # the separator gettext itself uses between context and message
# The name of a lead holds no colon: what follows one belongs to another, longer sentence.
_GAPS = {"lead": "([^:]+?)"}
LEAST_WORDS = 8  # characters of its own by which a sentence with gaps is recognised
LEAST_BEGINNING = 6  # when it begins with them
LONGEST_SENTENCE = 500  # characters; longer texts are prose, not messages of this package
REMEMBERED = 1024  # finished sentences and their translations

# Facts that hold one word of a fixed list, and the context the list has in the catalogue.
_CONTEXTS: Mapping[str, str] = {
    "role": "Role",
    "act": "Act",
    "kind": "ExamKind",
    "modality": "ExamKind",
    "noun": "noun",
    "field": "field",
    "nature": "nature",
    "asked": "nature",
}
# Facts that hold what somebody typed or is called: never translated.
_AS_TYPED = frozenset({"actor", "holder", "key", "seen", "until", "path", "code", "name"})
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


class BadCatalogue(WorkbenchError):
    """A catalogue line that cannot be taken."""

    template = "catalogue {language}, line {line}: {fault}"

    def __init__(self, language: str, line: int, fault: str) -> None:
        super().__init__(language=language, line=line, fault=fault)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A message with gaps, as a pattern that finds it when it arrives already filled."""

    pattern: re.Pattern[str]
    names: tuple[str, ...]
    translation: str


def languages() -> tuple[str, ...]:
    """Languages that have a catalogue, the default first."""
    folder = resources.files("workbench").joinpath("locale")
    found = {
        p.name for p in folder.iterdir() if p.joinpath("LC_MESSAGES", "workbench.po").is_file()
    }
    return (DEFAULT_LANGUAGE, *sorted(found - {DEFAULT_LANGUAGE}))


@cache
def translator(language: str = DEFAULT_LANGUAGE) -> Callable[[str], str]:
    """Give the function that translates source strings; an unknown string comes back unchanged.

    A string may carry a context before ``CONTEXT_MARK``; a sentence of the catalogue whose gaps
    were already filled is recognised, and its facts are translated too.
    """
    if language not in languages():
        raise Invalid("language", language, f"one of {', '.join(languages())}")
    words = catalogue(language)

    def translate(text: str) -> str:
        known = words.get(text)
        if known is not None:
            return known
        context, _, plain = text.rpartition(CONTEXT_MARK)
        if context:
            return words.get(plain, plain)
        return filled(text)

    # A case says some thirty sentences, and each is looked for among hundreds of patterns.
    @lru_cache(REMEMBERED)
    def filled(text: str) -> str:
        return _filled(text, _sentences(language), translate) or text

    return translate


def label(value: StrEnum, translate: Callable[[str], str]) -> str:
    """Name a state, role, kind or other fixed word as a person should read it."""
    return translate(f"{type(value).__name__}{CONTEXT_MARK}{value.value}")


def say(error: WorkbenchError, translate: Callable[[str], str]) -> str:
    """Say an error in the reader's language: its template, filled with its facts."""
    facts = {name: _fact(name, value, translate) for name, value in error.facts.items()}
    if isinstance(error, MoveRefused) and error.allowed:
        moves = (_fact("move", move, translate) for move in error.allowed)
        facts["offers"] = translate(", ").join(moves)
    return translate(error.template).format(**facts)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Translations by message, or by context + ``CONTEXT_MARK`` + message."""
    path = resources.files("workbench").joinpath("locale", language, "LC_MESSAGES", "workbench.po")
    with path.open(encoding="utf-8") as lines:  # line by line: half a megabyte in every page
        return read_po(lines, language)


def read_po(lines: Iterable[str], language: str) -> Mapping[str, str]:
    """Read a catalogue; anything unusual (fuzzy, plural, repeated, empty) is refused by line."""
    words: dict[str, str] = {}
    entry: dict[str, str] = {}
    keyword, started = "", 0
    for number, line in enumerate(chain(lines, [""]), start=1):
        row = line.strip()
        if row.startswith("#"):
            if row.startswith("#,") and "fuzzy" in row:
                raise BadCatalogue(language, number, "fuzzy entry; settle the translation first")
            continue
        if row.startswith('"'):
            if not keyword:
                raise BadCatalogue(language, number, "a string without msgid or msgstr before it")
            entry[keyword] += _unquoted(row, language, number)
            continue
        word, _, quoted = row.partition(" ")
        if entry and (not row or (word in ("msgctxt", "msgid") and "msgstr" in entry)):
            _keep(entry, words, language, started)
            entry = {}
        if not row:
            keyword = ""
            continue
        if word not in ("msgctxt", "msgid", "msgstr") or word in entry:
            raise BadCatalogue(language, number, f"did not expect {word!r} here")
        started = started if entry else number
        keyword = word
        entry[word] = _unquoted(quoted, language, number)
    return words


def _keep(entry: Mapping[str, str], words: dict[str, str], language: str, line: int) -> None:
    if "msgid" not in entry or "msgstr" not in entry:
        raise BadCatalogue(language, line, "an entry needs both msgid and msgstr")
    message, translation = entry["msgid"], entry["msgstr"]
    if not message and "msgctxt" not in entry:
        return  # the header
    if not translation:
        raise BadCatalogue(language, line, f"{message!r} has no translation")
    if gaps(message) != gaps(translation):
        raise BadCatalogue(
            language, line, f"{message!r} and its translation differ in placeholders"
        )
    key = f"{entry['msgctxt']}{CONTEXT_MARK}{message}" if "msgctxt" in entry else message
    if key in words:
        raise BadCatalogue(language, line, f"{message!r} stands twice")
    words[key] = translation


def gaps(message: str) -> frozenset[str]:
    """Names of the placeholders in a message."""
    if "{" not in message:
        return frozenset()
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(message) if name is not None)
    except ValueError:
        return frozenset()  # a lone brace: the message is never formatted


def _unquoted(quoted: str, language: str, line: int) -> str:
    if len(quoted) < 2 or quoted[0] != '"' or quoted[-1] != '"':
        raise BadCatalogue(language, line, "expected a string in double quotes")
    if "\\" not in quoted:
        return quoted[1:-1]

    def plain(match: re.Match[str]) -> str:
        if match[1] not in _ESCAPES:
            raise BadCatalogue(language, line, f"unknown escape {match[0]!r}")
        return _ESCAPES[match[1]]

    return re.sub(r"\\(.)", plain, quoted[1:-1])


@cache
def _sentences(language: str) -> tuple[_Sentence, ...]:
    """Messages with gaps and enough words of their own to be recognised, wordiest first."""
    found: list[tuple[int, _Sentence]] = []
    for message, translation in catalogue(language).items():
        if not gaps(message) or CONTEXT_MARK in message:
            continue
        parts = list(Formatter().parse(message))
        if any(spec or name == "" for _, name, spec, _ in parts):
            continue  # filled with numbers by its caller, never met as a finished sentence
        pattern, names, weight = "", [], 0
        for literal, name, _, _ in parts:
            pattern += re.escape(literal)
            weight += len(literal.strip())
            if name is not None:
                pattern += _GAPS.get(name, "(.+?)")
                names.append(name)
        if weight >= LEAST_WORDS or len(parts[0][0].strip()) >= LEAST_BEGINNING:
            sentence = _Sentence(re.compile(pattern, re.DOTALL), tuple(names), translation)
            found.append((weight, sentence))
    found.sort(key=lambda pair: -pair[0])
    return tuple(sentence for _, sentence in found)


def _filled(
    text: str, sentences: tuple[_Sentence, ...], translate: Callable[[str], str]
) -> str | None:
    if len(text) > LONGEST_SENTENCE:
        return None
    for sentence in sentences:
        match = sentence.pattern.fullmatch(text)
        if match:
            pairs = zip(sentence.names, match.groups(), strict=True)
            facts = {name: _fact(name, value, translate) for name, value in pairs}
            return sentence.translation.format(**facts)
    return None


def _fact(name: str, value: object, translate: Callable[[str], str]) -> str:
    if isinstance(value, StrEnum):
        return label(value, translate)
    text = str(value)
    if name in _AS_TYPED or not isinstance(value, str):
        return text
    if name in _CONTEXTS:
        return translate(f"{_CONTEXTS[name]}{CONTEXT_MARK}{text}")
    if name == "problems":
        return translate("; ").join(translate(part) for part in text.split("; "))
    return translate(text)
