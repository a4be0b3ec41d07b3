"""How a trace is judged: times and tolerances, and what can be told from its rows.

The limits stand in the rules a second time on purpose: a checker that asked firmware/limits.py
would follow its mistakes. A trace shows what flowed every 5 ms and at each edge of gate, fault
and contact.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ionwand.trace.rows import Row

GUARD_PASS_US = 500
PASS_US = 2 * GUARD_PASS_US  # one pass, plus the phase at which the cause meets it
PASSES_3_US = 5 * GUARD_PASS_US  # three passes, the phase, and one for the gate itself
FAULT_US = 100_000  # before a fault has its name: its effect isn't the regulator's
TICK_US = 5000
SESSION = ("proving", "contact", "ramping", "treating", "bounced", "lifted", "stopping")
NO_CURRENT = ("selftest", "ready", "asleep", "proving", "done", "refused", "fault")
OFF = ("ready", "asleep", "done", "refused", "fault")
PROBE_UA = 20.0
PROBE_FLOOR_UA = 23.0  # the probe may step in, and the skin's own capacitance with it
PROBE_START_UC = 0.8  # half a probe's ramp, 10 µA after 0.15 s: not known yet to flow through skin
RAMP_UA_PER_S = 70.0  # [S-08]
HOP_UA_PER_S, HOP_US = 612.0, 2_010_000  # two ticks for the wand to see it
BOUNCE_UA_PER_S, BOUNCE_US = 1530.0, 40_000
TEST_UA = 21.0  # of the self-test, with its tolerances, beyond the 5 µA that are no current
RAIL_V = 27.0
HEADROOM_V = 2.5  # above 3 kΩ·I: 5 % of rail and 1 V for the regulating diode
FULL_SCALE_CODES_PER_UA = 65536 * 3.3 / 5.0 / 601.0  # of its 5 V the DAC has 3.3
BLEED_KOHM = 46.5  # across the output unless current is driven: skin discharges through it
BLEED_CODES = 2.2 * FULL_SCALE_CODES_PER_UA  # below 2 µA beside the dividers' it is closed
LEADS_KOHM = 1.7  # both leads, less 15 %: what drives a current through them needs this voltage
SET_BACK_UC = 3.0  # a charge falling by more between two rows is a counter set back
GAP_US = 4 * TICK_US  # a hung processor leaves no rows: nothing is interpolated over that


class Finding(NamedTuple):
    id: str
    what: str
    worst: float | None  # None: the trace holds nothing that the rule speaks of
    limit: float
    unit: str
    at_us: int

    @property
    def ok(self) -> bool:
        return self.worst is None or self.worst <= self.limit


class Worst:
    """The largest value seen and when. Nothing seen is None, and not zero."""

    def __init__(self, id: str, what: str, limit: float, unit: str) -> None:
        self.id, self.what, self.limit, self.unit = id, what, limit, unit
        self.value: float | None = None
        self.at_us = 0

    def see(self, value: float, at_us: int) -> None:
        if self.value is None or not value <= self.value:
            self.value, self.at_us = value, at_us

    def found(self) -> Finding:
        return Finding(self.id, self.what, self.value, self.limit, self.unit, self.at_us)


def sessions(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Rows from each arming to the first row after the session."""
    start: int | None = None
    for index, row in enumerate(rows):
        inside = row.state in SESSION
        if inside and start is None:
            start = index
        elif start is not None and not inside:
            yield rows[start : index + 1]
            start = None
    if start is not None:
        yield rows[start:]


def near_edge(rows: Sequence[Row]) -> list[bool]:
    """Rows whose interval holds a touch or a lift, or follows one within a tick."""
    flags = []
    edge_us = -TICK_US - 1
    contact = rows[0].contact
    for row in rows:
        if row.contact != contact:
            contact, edge_us = row.contact, row.t_us
        flags.append(row.t_us - edge_us <= TICK_US)
    return flags


def other_load(rows: Sequence[Row]) -> list[bool]:
    """Rows in which another load lies between the electrodes, and the tick after them.

    Told by what no source does to one load: voltage falls and current spikes, then is back where
    it was set; or voltage rises and current falls. A current that stays up is no change of load.
    """
    flags = [False] * len(rows)
    for index in range(1, len(rows) - 1):
        before, row, after = rows[index - 1 : index + 2]
        if not (before.gate and row.gate and before.contact and row.contact):
            continue
        band_ua = max(15.0, 0.1 * before.setpoint_ua)
        spiked = max(row.i_load_ua, row.i_peak_ua, after.i_peak_ua) > before.i_load_ua + band_ua
        held = not after.gate or after.i_load_ua <= after.setpoint_ua + band_ua
        fell = row.v_load_mv <= 1.02 * before.v_load_mv and (
            after.v_load_mv < 0.9 * before.v_load_mv
        )
        rose = row.v_load_mv > 1.05 * before.v_load_mv and (
            row.i_load_ua < 0.98 * before.i_load_ua - 2.0
        )
        if (spiked and fell and held) or rose:
            last = index
            while last < len(rows) and rows[last].t_us - row.t_us <= TICK_US:
                flags[last] = True
                last += 1
    return flags
def bled(row: Row) -> bool:
    """True where the bleed lies across the output [S-21]."""
    return not row.gate or row.dac_code < BLEED_CODES


def driven(row: Row) -> float:
    """Current that the circuit drives, in µA: what isn't the skin giving back its own charge.

    Where nothing is driven that runs through the bleed, and through a short with no voltage to
    show.
    """
    if row.v_load_mv < LEADS_KOHM * row.i_load_ua:
        return 0.0
    if not bled(row):
        return abs(row.i_load_ua)
    return max(0.0, abs(row.i_load_ua) - row.v_load_mv / BLEED_KOHM)


def flowed(before: Row, row: Row) -> float:
    """Charge between two rows, in µC. A counter that was set back began again at zero."""
    step_uc = row.true_charge_uc - before.true_charge_uc
    return step_uc if step_uc >= -SET_BACK_UC else row.true_charge_uc


def cut_soon(rows: Sequence[Row]) -> list[bool]:
    """Rows with the gate off, or off within three passes of the guard."""
    flags = []
    off_us: int | None = None
    for row in reversed(rows):
        if not row.gate:
            off_us = row.t_us
        flags.append(off_us is not None and off_us - row.t_us <= PASSES_3_US)
    return flags[::-1]
