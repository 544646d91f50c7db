"""The section on films of docs/benchmarks.md, written by the run: figures, limits, met or not."""

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
NOTES = Path(__file__).with_name("film_notes.md")
BEGIN, END = "<!-- films: written by make bench-films -->", "<!-- films: end -->"
OHIF_SHARE = 0.6  # ours may take this part of OHIF's time for a film that was not fetched
OHIF_TIMES = 7  # OHIF's next patient takes so many times ours

Figure = Mapping[str, Any]
Named = Mapping[str, Figure]


def section(figures: Sequence[Figure], began: datetime) -> str:
    """The whole section as it stands in the page."""
    of = {f["figure"]: f for f in figures if "who" not in f}
    load = f"{min(f['load'] for f in figures)} to {max(f['load'] for f in figures)}"
    programs = of.get("versions", {}).get("programs", {})
    said = ", ".join(f"{name} {version}" for name, version in programs.items())
    machine = f"{os.cpu_count()} cores, {platform.machine()}, no GPU"
    lines = [
        BEGIN,
        f"## Films (`make bench-films`, {began:%Y-%m-%d %H:%M} UTC, load {load})",
        f"{machine}: drawing by the processor in both viewers. {said}. Cells: median / worst (n).",
        "",
        *_table(("film of 3000×3000, in the open page", "limit", "workbench", "OHIF, Orthanc", "")),
        *(_line(cells) for cells in _viewing(of)),
        "",
        *_table(
            ("where the time goes, medians in ms", "click to sent", "Python's answer",
             "address in the viewer at", "fetched", "unpacked", "film visible at", "tools at")
        ),
        *(_line(cells) for cells in _parts(of)),
        "",
        *_table(
            ("decode 3000×3000, 12 bits", "limit", "workbench, processor time",
             "other programs on the same file, whole command, processor time", "")
        ),
        *(_line(cells) for cells in _decoding(figures)),
        "",
        _notes(of),
        *(f"Left out: {n}, {f['skipped']}." for n, f in of.items() if "skipped" in f),
        END,
    ]  # fmt: skip
    return "\n".join(lines)


def write(figures: Sequence[Figure], began: datetime) -> Path:
    """Put the section into the page, in the place of the last one."""
    text, new = PAGE.read_text(encoding="utf-8"), section(figures, began)
    if BEGIN in text:
        head, rest = text.split(BEGIN, 1)
        text = head + new + rest.split(END, 1)[1]
    else:
        text = f"{text.rstrip()}\n\n{new}\n"
    PAGE.write_text(text, encoding="utf-8")
    return PAGE


def _table(heads: Sequence[str]) -> list[str]:
    return [_line(heads), "|" + "---|" * len(heads)]


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _viewing(of: Named) -> Iterator[Sequence[str]]:
    if ours := of.get("list to preview"):
        yield "list → preview", "≤ 0.3 s", _times(ours), "–", _within(ours)
    for bits in (16, 12):
        ours = of.get(f"list to full depth, cold, {bits} bits")
        if ours:
            theirs = of.get(f"OHIF: list to film, {bits} bits")
            share = _ratio(theirs and ours["median_s"] / theirs["median_s"], "ours/OHIF")
            good = theirs and ours["median_s"] <= OHIF_SHARE * theirs["median_s"]
            yield (
                f"list → full depth, {bits} bits, cold", f"≤ 1.0 s; ours/OHIF ≤ {OHIF_SHARE}",
                _times(ours), _times(theirs), f"{_within(ours)}; {share}{_met(good)}",
            )  # fmt: skip
    if ours := of.get("next case, prefetched"):
        theirs = of.get("OHIF: next patient")
        times = _ratio(theirs and theirs["median_s"] / ours["median_s"], "OHIF/ours")
        good = theirs and theirs["median_s"] >= OHIF_TIMES * ours["median_s"]
        yield (
            "next case, prefetched: key N to full depth", f"≤ 0.15 s; OHIF/ours ≥ {OHIF_TIMES}",
            _times(ours), _times(theirs), f"{_within(ours)}; {times}{_met(good)}",
        )  # fmt: skip
    if ours := of.get("drag of window and level"):
        theirs = of.get("OHIF: drag of window and level")
        limit = ours["limit_per_s"]
        yield (
            f"drag of window/level, canvas {_size(ours)}", f"≥ {limit} frames/s",
            _rate(ours), _rate(theirs), _met(ours["median_per_s"] >= limit),
        )  # fmt: skip
    yield from _kept(of)


def _kept(of: Named) -> Iterator[Sequence[str]]:
    for name, ours in of.items():
        if not name.startswith("memory after"):
            continue
        limit, early, late = ours["limit_mb"], ours["early"], ours["late"]
        first, last, end = ours["studies"]
        mine = (
            f"{late['pss_mb']} MB (RSS {late['rss_mb']}, heap and arrays {late['heap_mb']}); "
            f"after {first}: {early['pss_mb']} MB (heap and arrays {early['heap_mb']}); "
            f"after {end} cases in one sitting, each under its own name: "
            f"{ours['last']['pss_mb']} MB (heap and arrays {ours['last']['heap_mb']})"
        )
        met = _met(late["pss_mb"] < limit)
        yield f"{name}: the page's process, PSS", f"< {limit} MB", mine, "–", met
        made = [
            f"{each['contexts']['made']} ({each['contexts']['alive']})" for each in (early, late)
        ]
        yield (
            f"WebGL contexts made (alive) after {first} and {last} studies", "constant",
            " and ".join(made), "–", _met(early["contexts"] == late["contexts"]),
        )  # fmt: skip


def _times(figure: Figure | None) -> str:
    if not figure:
        return "–"
    told = f"{figure['median_s']:.2f} / {figure['worst_s']:.2f} s ({figure['n']})"
    return f"{told}, load {figure['load']}"


def _rate(figure: Figure | None) -> str:
    if not figure:
        return "–"
    told = f"{figure['median_per_s']} / {figure['least_per_s']} per s ({figure['n']})"
    return f"{told}, load {figure['load']}"


def _size(figure: Figure) -> str:
    return "×".join(f"{side:.0f}" for side in figure["canvas"])


def _within(figure: Figure) -> str:
    return _met(figure["median_s"] <= figure["limit_s"])


def _ratio(ratio: float | None, name: str) -> str:
    return f"{name} {ratio:.2f} " if ratio else f"{name} not measured "


def _met(yes: object) -> str:
    return "met" if yes else "**missed**"


def _parts(of: Named) -> Iterator[Sequence[object]]:
    for name, f in of.items():
        if "part_sent" in f:
            yield (
                name, f["part_sent"], f["part_answered"] - f["part_sent"], f["part_held"],
                f.get("part_fetch_ms", "held"), f.get("part_decode_ms", "held"),
                round(1000 * f["median_s"]), round(1000 * f["tools_s"]),
            )  # fmt: skip


def _decoding(figures: Sequence[Figure]) -> Iterator[Sequence[str]]:
    for ours in (f for f in figures if f.get("who") == "workbench"):
        others = (f for f in figures if f["figure"] == ours["figure"] and f["who"] != ours["who"])
        told = "; ".join(
            f"{f['who']} {_times(f)}, {f['cpu_s']:.2f} s"
            + ("" if f["same_pixels"] else ", OTHER PIXELS")
            for f in others
        )
        name = ours["figure"].removeprefix("decode ")
        mine = f"{_times(ours)}, {ours['cpu_s']:.2f} s"
        yield f"{name}, {ours['mb']} MB", f"≤ {ours['limit_s']} s", mine, told or "–", _within(ours)


def _notes(of: Named) -> str:
    added = of.get("reverse proxy before OHIF's server adds", {}).get("ms", 0)
    proxy = f"{added} ms" if added >= 1 else "no time that can be measured"
    theirs = of.get("OHIF: next patient")
    last = f" ({theirs['after_last_click_s']:.2f} s of it after the last click)" if theirs else ""
    return NOTES.read_text(encoding="utf-8").format(proxy=proxy, last=last).rstrip()
