"""What was seen in one recording, as the rules read it."""

import math
from collections.abc import Mapping
from types import MappingProxyType

from workbench.ecg.facts import EcgFacts, LeadWaves
from workbench.ecg.lead_waves import lead_waves
from workbench.screening.ecg_beat import AXES, INTERVALS, beat_measurements
from workbench.screening.ecg_look import EcgLook


def facts_of(look: EcgLook, waves: Mapping[str, LeadWaves], technical: frozenset[str]) -> EcgFacts:
    """All facts of a recording, with the waves of its usable leads."""
    trace = look.trace
    rows = beat_measurements(look.beat, trace.leads)
    numbers = {m.name: m.value for m in rows if m.name in (*INTERVALS, *AXES)}
    return EcgFacts(
        rhythm=look.rhythm,
        seconds=trace.seconds,
        rate_doubt=look.doubt,
        second_rate_bpm=_known(look.second.rate_bpm),
        beats=look.kinds,
        atria=look.atria,
        pacing=look.pacing,
        ventricles=look.ventricles,
        leads=MappingProxyType(waves),
        numbers=MappingProxyType(numbers),
        errors=look.beat.errors,
        reasons=MappingProxyType({m.name: m.reason for m in rows if m.value is None}),
        calibrated=trace.calibrated,
        technical=technical,
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def waves_of(look: EcgLook) -> dict[str, LeadWaves]:
    """Waves of the usable leads; none where amplitudes are not in millivolts."""
    beat, waves = look.beat.good, look.beat.waves
    if beat is None or waves is None or not look.trace.calibrated:
        return {}
    found = lead_waves(beat, waves.marks_ms, look.beat.curves)
    return {name: one for name, one in found.items() if name in look.usable}
