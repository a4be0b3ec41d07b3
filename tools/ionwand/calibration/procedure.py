"""The calibration itself: as found, fit, write, read back, as left. Everything comes in.

Each sweep is held to be wrong until sign, size and repetition agree; what is refused names what
to look at. The wand has the old or the new coefficients at every moment, and keeps the old ones.
"""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from ionwand import clock
from ionwand.calibration import fit as fitting
from ionwand.calibration import resolution
from ionwand.calibration.result import SETPOINT_MAX_UA, TEXT_MAX, Point, Result
from ionwand.device import source
from ionwand.errors import BadInput, RunFailed
from ionwand.instruments.hands import Person
from ionwand.instruments.meter import Meter
from ionwand.instruments.wand_on_bench import Bench

POINTS_UA = (50, 100, 200, 350, 500)
LOADS_OHM = (2200.0, 4700.0, 10_000.0)
HOLD_S = 1.5
CLEAR_S = 3.0
_NEAR = 0.15  # meter and wand differ less than this, or the meter is not in this circuit
_MOST_POINTS = 13  # firmware/service.py: 16, less the odd ones and the first once more
_DRIFT_NA = 100.0
_DRIFT_PPM = 1500.0
Say = Callable[[str], None]


@dataclass
class Order:
    """What a technician has decided before."""

    who: str
    loads_ohm: tuple[float, ...] = LOADS_OHM
    points_ua: tuple[int, ...] = POINTS_UA
    accuracy: fitting.Accuracy = field(default_factory=fitting.Accuracy)
    burden_ohm: float = 0.0
    ambient: str = ""
    notes: str = ""


def check_load(load: float, burden_ohm: float = 0.0) -> None:
    """BadInput for a load that the wand's bench would refuse."""
    source.products()
    from firmware import service

    lowest, highest = service.LOAD_MIN_OHM, service.LOAD_MAX_OHM
    if not lowest <= round(load + burden_ohm) <= highest:
        raise BadInput(f"load {load:g} Ω: allowed are {lowest} to {highest} Ω with the meter")


def check(order: Order) -> None:
    loads = sorted(order.loads_ohm)
    if len(loads) < 3 or any(b < a * 1.5 for a, b in zip(loads, loads[1:])):
        raise BadInput(f"loads {_list(loads)} Ω: three or more, each 1.5 times the last")
    for load in loads:
        check_load(load, order.burden_ohm)
    points_ua, most_ua = order.points_ua, SETPOINT_MAX_UA
    if len(set(points_ua)) < 3 or min(points_ua) > 50 or max(points_ua) < most_ua:
        raise BadInput(f"points {_list(points_ua)} µA: three or more, from 50 to {most_ua}")
    if len(points_ua) > _MOST_POINTS:
        raise BadInput(f"{len(points_ua)} points: allowed are {_MOST_POINTS}")
    if not all(20 <= ua <= most_ua for ua in points_ua):
        raise BadInput(f"points {_list(points_ua)} µA: allowed are 20 to {most_ua}")
    # A registry or a certificate that refuses them would do so after the work is done.
    for name in ("who", "ambient", "notes"):
        text = getattr(order, name)
        if not text.isprintable() or len(text) > TEXT_MAX:
            raise BadInput(f"{name}: one line of at most {TEXT_MAX} printable characters")


def calibrate(bench: Bench, meter: Meter, person: Person, order: Order, say: Say) -> Result:
    """BadInput before anything is done, RunFailed with the wand's calibration whole."""
    check(order)
    doubt = clock.told()
    if doubt:
        say(doubt)
    status = bench.status()
    keeps = [name for name in status["faults"] if name in _permanent()]
    if keeps:
        raise RunFailed(f"permanent faults: {', '.join(keeps)}; `ionwand faults --clear` first")
    before = tuple(status["calibration"])
    resolution.check(order.accuracy, order.points_ua, False)
    say(f"wand {status['board']}: as found")
    as_found: list[Point] = []
    readings: list[float] = []
    for load in order.loads_ohm:
        as_found += sweep(bench, meter, person, order, load, say, readings=readings)
        order = stepped(order, readings)
    as_found = [with_meter(one, order.accuracy) for one in as_found]
    fitted = fitting.fit(
        fitting.with_burden(as_found, order.burden_ohm), before, order.accuracy
    )
    found = fitting.verdict(as_found)
    say(f"as found: worst error {found.worst_error_na / 1e3:+.2f} µA, "
        f"{found.worst_error_ppm / 1e4:+.2f} %")  # fmt: skip
    for one in fitted.coefficients:
        say(f"  {one.name:<18}{one.before:>9.0f} -> {one.after:>9.0f} {one.unit} (u {one.u:.1f})")
    if not person.agree("Write these to the wand?"):
        raise RunFailed("nothing was written")
    bench.call("set_calibration", fitted.values)
    back = tuple(bench.status()["calibration"])
    if back != fitted.values:
        raise RunFailed(f"the wand reads back {back}, written were {fitted.values}; do it again")
    say("written and read back; as left")
    as_left: list[Point] = []
    for load in reversed(order.loads_ohm):  # the last one is still connected
        as_left += sweep(bench, meter, person, order, load, say, load != order.loads_ohm[-1])
    left = fitting.verdict(as_left)
    if not left.ok:
        if status["calibrated"]:
            bench.call("undo_calibration")
        raise RunFailed(
            f"as left {left.worst_error_na / 1e3:+.2f} µA, {left.worst_error_ppm / 1e4:+.2f} % "
            f"at worst, allowed are {left.allowed}: not accepted"
            + ("; the old calibration is back" if status["calibrated"] else "")
        )
    if "calibration" in status["faults"]:
        clear(bench, person, say)
    parts = fitting.budget(fitted, order.accuracy, as_left)
    return Result(
        board_id=status["board"], firmware=status["firmware"],
        when=clock.now().astimezone().isoformat(timespec="seconds"), who=order.who,
        meter=meter.name, loads_ohm=list(order.loads_ohm), ambient=order.ambient,
        as_found=as_found, as_left=as_left, coefficients=fitted.coefficients,
        residuals_na=fitted.residuals_na, budget=parts,
        expanded_u_na=fitting.expanded(parts), found=found, left=left,
        notes="; ".join(one for one in (order.notes, doubt) if one)[:TEXT_MAX],
    )  # fmt: skip


def sweep(
    bench: Bench, meter: Meter, person: Person, order: Order, load: float, say: Say,
    ask: bool = True, readings: list[float] | None = None,
) -> list[Point]:  # fmt: skip
    """One load, both ways round; the first point once more at the end, against drift.

    `readings` gets all that the meter said; while it is empty odd points are read as well.
    """
    if ask:
        person.connect(load)
    odd = resolution.ODD_UA if readings == [] else ()
    points_ua = (*order.points_ua, *odd, order.points_ua[0])

    def read(bridge: int, ua: int) -> float:
        na = meter.read_na(ua)
        check_reading(na, bridge, ua)
        if readings is not None:
            readings.append(na)
        say(f"  {load:g} Ω, roller {'-+'[bridge - 1]}: {ua} µA, meter {na / 1e3:+.3f} µA")
        return na

    person.hold(HOLD_S)
    try:
        found = bench.sweep(round(load + order.burden_ohm), (1, 2), points_ua, read)
    finally:
        person.released()
    points = [point(words, na, load, order.accuracy) for words, na in found]
    kept = []
    for bridge in (1, 2):
        same = [one for one in points if one.bridge == bridge]
        if [one.setpoint_na for one in same] != [ua * 1000 for ua in points_ua]:
            raise RunFailed("the wand left points out: do it again")
        step_na = max(order.accuracy.resolution_na, resolution.step_na(readings or ()))
        check_drift(same[0], same[-1], step_na)
        kept += same[: len(order.points_ua)]
    return kept


def stepped(order: Order, readings: list[float]) -> Order:
    """The order with the meter's resolution as its readings show it. RunFailed if too coarse."""
    step_na = max(resolution.step_na(readings), order.accuracy.resolution_na)
    accuracy = replace(order.accuracy, resolution_na=step_na)
    resolution.check(accuracy, order.points_ua, True)
    return replace(order, accuracy=accuracy)


def with_meter(one: Point, accuracy: fitting.Accuracy) -> Point:
    """Its meter's uncertainty once more: what the meter resolves is known now."""
    return replace(one, meter_u_na=accuracy.meter_u_na(one.meter_na))


def point(words: list[int], meter_na: float, load: float, accuracy: fitting.Accuracy) -> Point:
    """A "point" line of service.sweep, and what the meter said meanwhile."""
    bridge, ua, frames, *sums = words
    code, nanoamps, a, e1, e2, rail, fast_a_ua, fast_b_ua = (one / frames for one in sums)
    return Point(
        load_ohm=load, bridge=bridge, setpoint_na=ua * 1000, code=round(code),
        meter_na=abs(meter_na), meter_u_na=accuracy.meter_u_na(meter_na), delivered_na=nanoamps,
        sense_a_raw=a, e1_raw=e1, e2_raw=e2, rail_raw=rail,
        # The guard rounds down to whole µA: half a µA is what it loses on the mean.
        fast_a_raw=(fast_a_ua + 0.5) * 1e3 / fitting.FAST_A_NA,
        fast_b_raw=(fast_b_ua + 0.5) * 1e3 / fitting.FAST_B_NA,
    )  # fmt: skip


def check_reading(na: float, bridge: int, ua: int) -> None:
    """Sign and size at once, while the current can still be ended."""
    sign = -1 if bridge == 1 else 1
    if not abs(abs(na) - ua * 1e3) <= ua * 1e3 * _NEAR:
        raise RunFailed(
            f"the meter reads {na / 1e3:+.3f} µA where the wand gives {ua}: is it in series with "
            "the load, on its DC current range?"
        )
    if na * sign < 0:
        raise RunFailed(
            f"wrong polarity: {na / 1e3:+.3f} µA with roller {'-+'[bridge - 1]}; the meter's red "
            "side belongs to the roller. If it is there, this wand is wired the wrong way round: "
            "it must not be used"
        )


def check_drift(first: Point, last: Point, step_na: float = 0.0) -> None:
    """Against the wand's own measurement, so that only what disagrees counts."""
    moved = (last.meter_na - last.delivered_na) - (first.meter_na - first.delivered_na)
    if not abs(moved) <= _DRIFT_NA + first.meter_na * _DRIFT_PPM * 1e-6 + step_na:
        raise RunFailed(
            f"the meter drifts: {moved / 1e3:+.3f} µA at {first.setpoint_na // 1000} µA "
            "within one sweep; let it warm up, then do it again"
        )


def clear(bench: Bench, person: Person, say: Say) -> None:
    """Service: forget faults once the self-test passes. RunFailed where one stays."""
    if not bench.status()["calibrated"]:
        raise RunFailed("fault calibration stays until the wand has one: `ionwand calibrate`")
    person.open()
    person.hold(CLEAR_S)
    try:
        fault = bench.call("clear_faults")
    finally:
        person.released()
    if fault:
        raise RunFailed(f"faults stay: {fault}")
    say("self-test passed, faults cleared")


def summary(result: Result) -> list[str]:
    spread = statistics.pstdev(p.error_na for p in result.as_left)
    return [
        f"as left: worst error {result.left.worst_error_na / 1e3:+.3f} µA, "
        f"{result.left.worst_error_ppm / 1e4:+.3f} %, standard deviation {spread / 1e3:.3f} µA",
        f"expanded uncertainty (k = 2) {result.expanded_u_na / 1e3:.2f} µA at 500 µA",
    ]


def _permanent() -> set[str]:
    source.products()
    from firmware import faults

    return set(faults.names(~faults.RECOVERABLE & 0x3FFFFFFF)) - {"calibration"}


def _list(numbers: Any) -> str:
    return ", ".join(f"{one:g}" for one in numbers)
