"""A black box in words: what differed first, and which part breaks like that.

No verdict: it says where to measure first. Currents are the circuit's nominal ones; what the guard
saw in the pass that tripped counts most, for rows are 5 ms apart and most faults are cut earlier.
Runs in the page's MicroPython too: virtual/carried.py.
"""

from collections.abc import Callable

from ionwand.treatments.blackbox_read import Box, Row

_OFF_UA = 15.0  # a fast converter's reading may be that wrong
_OFF_V = 0.5
_FEW = 4  # rows: 20 ms
_SAME_SET_UA = 5.0
_FRAMES_MS = 20  # a frame comes each 5 to 10 ms
_STANDS_MS = 20  # after so long without a gate nothing flows
_SHORT_OHM = 1700.0  # firmware/limits.py: less than any skin and its leads
_DIVIDER = 2.745  # what a setpoint becomes without its divider
_DAC_UA = 560.0  # at full scale 601 flow; a pass on the way up may see less
_BOTH_UA = 219.0  # from that setpoint on a lost divider asks for as much as that
_REGULATED_UA = 660.0  # what is regulated is cut at 638 by the comparator; M1 fully on is not

_QUANTITIES: tuple[tuple[str, str, float, Callable[[Row], float]], ...] = (
    ("A", "µA", _OFF_UA, lambda row: row.fast_a_ua - row.setpoint_ua),
    ("B", "µA", _OFF_UA, lambda row: row.fast_b_ua - row.setpoint_ua),
    ("precise A", "µA", _OFF_UA, lambda row: row.precise_a_ua - row.setpoint_ua),
    ("load", "V", _OFF_V, lambda row: row.load_mv / 1000),
    ("e2", "V", _OFF_V, lambda row: row.e2_mv / 1000),
)


def before(box: Box) -> list[Row]:
    """Rows with the gate on and something set, up to the fault, of the state that it ended."""
    rows = [row for row in box.rows if row.t_ms < 0 and row.gate and row.setpoint_ua > 0]
    return [row for row in rows if row.state == rows[-1].state]


def told(box: Box) -> str:
    """What differed first, and what breaks like that."""
    part = fits(box)
    return (f"first to differ: {differs(box)}"
            + (f"\nthis is how it looks with: {part}" if part else ""))  # fmt: skip


def _median(values: list[float]) -> float:
    """MicroPython has no statistics."""
    ranked = sorted(values)
    return (ranked[len(ranked) // 2] + ranked[(len(ranked) - 1) // 2]) / 2


def differs(box: Box) -> str:
    """The first quantity that left what it was, and when."""
    rows = before(box)
    if not rows:
        return "no row with the gate on"
    calm = rows[: max(1, len(rows) // 2)]
    set_ua = _median([row.setpoint_ua for row in calm])
    found = []
    for name, unit, most, value in _QUANTITIES:
        was = _median([value(row) for row in calm])
        at_ms = 0
        for row in reversed(rows):
            moved = unit == "V" and abs(row.setpoint_ua - set_ua) > _SAME_SET_UA
            if moved or abs(value(row) - was) <= most:
                break
            at_ms, by = row.t_ms, value(row) - was
        if at_ms:
            found.append((at_ms, f"{name} {by:+.1f} {unit} from {at_ms} ms on"))
    if found:
        first_ms = min(found)[0]
        return ", ".join(words for at_ms, words in found if at_ms == first_ms)
    last = rows[-1]
    if any(box.trip):
        a_ua, b_ua, e2_mv = box.trip
        return (f"nothing in the rows; in the pass that tripped A {a_ua} µA (was {last.fast_a_ua})"
                f", B {b_ua} (was {last.fast_b_ua}), e2 {e2_mv / 1000:.1f} V "
                f"(was {last.e2_mv / 1000:.1f})")  # fmt: skip
    if _silent(box):
        return f"no frame of the precise converter after {_last_frame_ms(box)} ms"
    return "nothing before the cut"


def fits(box: Box) -> str:
    """Parts that break like that; "" where none is known to."""
    rows = before(box)
    if not rows:
        return ""
    last = rows[-1]
    set_ua = last.setpoint_ua
    if _silent(box):
        return "the I²C bus"
    late = [row for row in box.rows if row.t_ms > _STANDS_MS and not row.gate]
    if late and all(row.fast_a_ua > _OFF_UA > row.precise_a_ua for row in late):
        return "the fast converter: its readings stand still"
    if box.first == "dummy_reading":
        return "the dummy's switch, closed for ever; or gel from roller to grip"
    if last.fast_a_ua > 50 and last.load_mv * 1000 < _SHORT_OHM * last.fast_a_ua:
        return "the bridge, closed for ever; or roller and grip touched each other"
    if last.fast_a_ua < set_ua / 2 and last.fast_b_ua < set_ua / 2 and not any(box.trip):
        return "the DAC: it gives less than it was told"
    a_ua, b_ua, e2_mv = box.trip  # zeros where it was not the guard
    if b_ua > set_ua * 1.1 + _OFF_UA and a_ua < b_ua / 2:
        return "R_SET, shorted"
    if a_ua > set_ua * 1.1 + _OFF_UA:
        return _too_much(box, a_ua, b_ua, set_ua)
    if b_ua < _OFF_UA and a_ua > set_ua / 2:
        was_mv = min(row.e2_mv for row in rows[-_FEW:])  # the last may be of after it broke
        return "R_SET, open" if e2_mv > was_mv + 1000 * _OFF_V else "R_B, shorted"
    return "M1 or R_SET, shorted" if box.first == "comparator" else ""


def _too_much(box: Box, a_ua: int, b_ua: int, set_ua: float) -> str:
    """More flows than was set, and not R_SET is to blame."""
    most_ua = max(a_ua, b_ua)
    if most_ua > _REGULATED_UA:
        return "M1, shorted"
    if "comparator" in box.faults:  # no DAC drives so much, and what is regulated comes slowly
        slow = set_ua > _BOTH_UA and abs(a_ua - b_ua) < 2 * _OFF_UA
        return "the setpoint's divider, open" if slow else "M1, shorted"
    if most_ua < _DAC_UA - _OFF_UA:
        near = abs(most_ua / set_ua - _DIVIDER) < 0.1 * _DIVIDER
        return "the setpoint's divider, open" if near else "the setpoint's way: DAC, op-amp"
    if abs(most_ua / set_ua - _DIVIDER) < 0.05 * _DIVIDER:
        return "the DAC, at full scale; or the setpoint's divider, open"
    return "the DAC, at full scale"


def _last_frame_ms(box: Box) -> int:
    return max((row.t_ms for row in box.rows if row.fresh), default=box.rows[0].t_ms)


def _silent(box: Box) -> bool:
    """No frame any more, long after the fault."""
    return _last_frame_ms(box) < box.rows[-1].t_ms - _FRAMES_MS and _last_frame_ms(box) <= 0
