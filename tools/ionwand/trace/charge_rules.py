"""The rules about charge: what an event pushes in, the caps of a session, the dose.

Summed up here from the trace's own rows, so that no counter of the wand is believed.
"""

from collections.abc import Iterator, Sequence

from ionwand.trace.judging import (
    BLEED_KOHM,
    GAP_US,
    PROBE_START_UC,
    TICK_US,
    Finding,
    Worst,
    bled,
    flowed,
    near_edge,
    sessions,
)
from ionwand.trace.rows import Row


def excess(rows: Sequence[Row]) -> Iterator[Finding]:
    """Charge beyond setpoint + 2 % + 2 µA in one stretch: what a fault or a spike pushes in."""
    worst = Worst("R-01", "charge beyond the setpoint in one event", 2.0, "µC")
    total = 0.0
    for before, row in zip(rows, rows[1:]):
        most_ua = 1.02 * max(before.setpoint_ua, row.setpoint_ua) + 2.0
        if bled(before):
            most_ua += before.v_load_mv / BLEED_KOHM
        more = flowed(before, row) - most_ua * (row.t_us - before.t_us) / 1e6
        total = max(0.0, total + more) if more > 0.0 else 0.0
        worst.see(total, row.t_us)
    yield worst.found()


def caps(rows: Sequence[Row]) -> Iterator[Finding]:
    output = Worst("S-07", "output in one session (gate on, proof not counted)", 900.02, "s")
    since = Worst("S-07", "gate on, since arming", 1200.02, "s")
    charge = Worst("S-07", "charge in one session", 300_000.0 * 1.01, "µC")
    for session in sessions(rows):
        armed_us = session[0].t_us
        on_us = 0
        charge_uc = 0.0
        for before, row in zip(session, session[1:]):
            if before.gate:
                since.see((row.t_us - armed_us) / 1e6, row.t_us)
                if before.state != "proving" and not bled(before):
                    on_us += row.t_us - before.t_us
            output.see(on_us / 1e6, row.t_us)
            # Summed up here: a counter set back on the way would hide charge.
            charge_uc += flowed(before, row)
            charge.see(charge_uc, row.t_us)
    yield from (output.found(), since.found(), charge.found())


def dose(rows: Sequence[Row]) -> Iterator[Finding]:
    last = Worst("F-08", "dose at a session's end against the charge, beyond 1 %", 2.0, "µC")
    running = Worst("F-08", "the same on the way, less two ticks of current", 2.0, "µC")
    for session in sessions(rows):
        if session[-1].true_charge_uc == 0.0 and session[-1].dose_uc == 0.0:
            continue
        charge_uc = error_uc = probes_uc = 0.0
        for before, row in zip(session, session[1:]):
            # What the wand drives. Else skin gives its own charge back through the bleed, and
            # before the session the proof looks for skin with 2 µA.
            if not bled(before) and before.state != "proving":
                charge_uc += flowed(before, row)
            if row.gate and not before.gate and row.state in ("contact", "lifted"):
                probes_uc += PROBE_START_UC
            late_uc = row.setpoint_ua * 2 * TICK_US / 1e6
            error_uc = abs(row.dose_uc - charge_uc) - 0.01 * charge_uc - probes_uc
            running.see(error_uc - late_uc, row.t_us)
        last.see(error_uc, session[-1].t_us)
    yield from (last.found(), running.found())


def charge_counted(rows: Sequence[Row]) -> Iterator[Finding]:
    """The trace against itself: the charge is the current over time, summed up here."""
    what = "charge against the current summed up, beyond 1 % and 1 µC an edge"
    worst = Worst("trace", what, 10.0, "µC")
    for session in sessions(rows):
        flowed_uc = summed_uc = edges = 0.0
        spikes = near_edge(session)
        for before, row, was, spike in zip(session, session[1:], spikes, spikes[1:]):
            # No line between two rows is a touch's spike: R-01 judges what flowed in it.
            if row.t_us - before.t_us > GAP_US or was or spike:
                continue
            flowed_uc += flowed(before, row)
            summed_uc += (before.i_load_ua + row.i_load_ua) / 2 * (row.t_us - before.t_us) / 1e6
            edges += before.gate != row.gate
            worst.see(abs(flowed_uc - summed_uc) - 0.01 * flowed_uc - edges, row.t_us)
    yield worst.found()
