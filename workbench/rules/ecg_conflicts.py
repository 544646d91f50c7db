"""Which statement silences which: one table, read from the graver name to the lesser."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from workbench.domain.finding import Finding

SINUS = ("EC303", "EC304", "EC201", "EC202", "EC114", "EC115")
ATRIA_AND_PR = ("EC207", "EC215", "EC216", "EC222", "EC223")
LESSER_ST_T = ("EC224", "EC225", "EC116", "EC305")
FORM = (
    "EC209", "EC210", "EC211", "EC112", "EC212", "EC213", "EC214", "EC215", "EC217", "EC218",
    "EC219", "EC220", "EC221", "EC224", "EC225", "EC228", "EC229", "EC230", "EC305", "EC116",
)  # fmt: skip
# ST and T of a beat that comes from a chamber, or of none at all, say nothing about arteries.
ACUTE = (
    "EC001", "EC002", "EC003", "EC004", "EC005", "EC006", "EC007", "EC009", "EC010", "EC026",
    "EC029", "EC030", "EC031", "EC109", "EC110", "EC111", "EC120", "EC226", "EC227", "EC234",
)  # fmt: skip
# Rates that are called sinus; a block or an escape rhythm has a name of its own.
RATE = ("EC201", "EC202", "EC114", "EC115")
# What may be the cause of a fast wide rhythm whose origin is not clear stays beside it.
UNCLEAR = frozenset({"EC009", "EC029"})
OF_WIDE = tuple(code for code in ACUTE if code not in UNCLEAR)
OF_VT = tuple(code for code in ACUTE if code != "EC029")
FIBRILLATION = (*SINUS, *ATRIA_AND_PR)
# Pre-excited AF is named by itself; its rate and its early beats are part of it.
PREEXCITED = ("EC101", "EC019", "EC017", "EC206", "EC020", "EC203", "EC232")

SILENCES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "EC206": FIBRILLATION, "EC101": FIBRILLATION, "EC019": FIBRILLATION,
    "EC018": (*FORM, *ACUTE, *FIBRILLATION, *PREEXCITED), "EC119": FIBRILLATION,
    "EC102": FIBRILLATION,
    "EC231": FORM,
    "EC215": ("EC209", "EC210", "EC211", "EC214", "EC220", "EC221", "EC229", "EC230"),
    "EC001": LESSER_ST_T, "EC008": LESSER_ST_T, "EC009": LESSER_ST_T,
    "EC007": ("EC224", "EC225"), "EC010": ("EC224", "EC225"), "EC005": ("EC224", "EC225"),
    "EC116": ("EC225", "EC224"), "EC111": ("EC305", "EC224"), "EC109": ("EC210", "EC224", "EC225"),
    "EC234": ("EC224", "EC225"), "EC225": ("EC224",), "EC305": ("EC224",),
    "EC029": ("EC225", "EC224", "EC214"), "EC030": ("EC228", "EC224", "EC225"),
    "EC031": ("EC225", "EC224"), "EC220": (), "EC229": ("EC230",),
    "EC026": ("EC110", "EC226"), "EC110": ("EC226",),
    "EC022": ("EC207", "EC107", "EC106", "EC105", "EC208", *SINUS), "EC107": ("EC207", *SINUS),
    "EC105": RATE, "EC106": RATE, "EC023": RATE, "EC103": RATE, "EC232": RATE, "EC233": RATE,
    "EC011": (*FORM, *ACUTE, *FIBRILLATION), "EC012": (*FORM, *ACUTE, *FIBRILLATION),
    "EC013": (*FORM, *OF_VT, *SINUS), "EC014": (*FORM, *ACUTE, *SINUS),
    "EC015": (*FORM, *ACUTE, *SINUS), "EC016": (*FORM, *ACUTE, *SINUS),
    "EC020": (*FORM, *OF_WIDE, *SINUS), "EC025": (*FORM, *ACUTE, *FIBRILLATION),
})  # fmt: skip

LIMBS = frozenset({"EC217", "EC218", "EC212", "EC213", "EC229", "EC001", "EC003", "EC004", "EC031"})
CHEST = frozenset({"EC230", "EC229", "EC220", "EC221", "EC001", "EC002", "EC116"})
DOUBTS: Mapping[str, tuple[frozenset[str], str]] = MappingProxyType(
    {
        "EC901": (
            LIMBS,
            "limb leads may be exchanged (EC901): record again before it is relied on",
        ),
        "EC902": (
            CHEST,
            "chest leads may be misplaced (EC902): record again before it is relied on",
        ),
    }
)


def settled(found: Sequence[Finding], technical: frozenset[str]) -> tuple[Finding, ...]:
    """Leave out what a graver name already says, and say what the recording makes doubtful.

    Parameters
    ----------
    found : sequence of Finding
        Statements of all rules.
    technical : frozenset of str
        Codes of what is doubtful about the recording.

    Returns
    -------
    tuple of Finding
        One of each code, in the order given. No critical statement is left out because the
        recording is doubtful; it says so.
    """
    codes = {f.code for f in found}
    silent = {lesser for code in codes for lesser in SILENCES.get(code, ())}
    kept: dict[str, Finding] = {}
    for one in found:
        if one.code in silent or one.code in kept:
            continue
        kept[one.code] = one
    return tuple(_doubted(one, technical | codes) for one in kept.values())


def _doubted(one: Finding, technical: frozenset[str] | set[str]) -> Finding:
    said = [text for code, (those, text) in DOUBTS.items() if code in technical
            and one.code in those]  # fmt: skip
    return replace(one, evidence="; ".join([one.evidence, *said])) if said else one
