"""What was measured on skin, replayed on the simulator's own: one function per protocol.

Each takes a `Model` and the arguments of skin_figures.toml and returns what the paper would have
written down, one number per current it names.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pages.skin_model import H_S, Layer, Model, after, clamp, conductance, people, small

DRAWN = 2000


def held(model: Model, ua: list[float], anode: bool) -> list[float]:
    return [after(model.layer(7.0, model.r0_seen, anode), one, 5.0) for one in ua]


def _initial(model: Model, ua: float, anode: bool) -> float:
    """Ω once the capacitance is charged, before anything opens."""
    layer = model.layer(7.0, model.r0_seen, anode)
    return after(layer, ua, 0.02, 1e-4) / ua * 1e6


def initial_ratio(model: Model, ua: float) -> list[float]:
    return [_initial(model, ua, True) / _initial(model, ua, False)]


def initial_fall(model: Model, low_ua: float, high_ua: float) -> list[float]:
    return [_initial(model, high_ua, False) / _initial(model, low_ua, False)]


def _treated(model: Model, j_ua_cm2: float, minutes: float) -> list[float]:
    """Ω at 1 Hz: at rest, 1 min and 30 min after current."""
    layer = model.layer()
    found = [abs(small(model, layer, 1.0))]
    after(layer, j_ua_cm2, 60 * minutes, 0.05)
    for minute in (1, 29):
        after(layer, 0.0, 60 * minute, 0.05)
        found.append(abs(small(model, layer, 1.0)))
    return found


def recovery(model: Model, j_ua_cm2: float, minutes: float) -> list[float]:
    _, soon, late = _treated(model, j_ua_cm2, minutes)
    return [late / soon]


def way_back(model: Model, j_ua_cm2: float, minutes: float) -> list[float]:
    rest, soon, late = _treated(model, j_ua_cm2, minutes)
    return [(late - soon) / (rest - soon)]


def under_voltage(model: Model, volts: float, seconds: float) -> list[float]:
    return [1e-3 / clamp(model.layer(anode=anode), volts, seconds) for anode in (False, True)]


def gain(model: Model, volts: float) -> list[float]:
    driest = model.layer(r0=1e6)
    return [clamp(driest, volts, 5.0) / driest.g0]


def impedance(model: Model, hz: float) -> list[float]:
    return [abs(small(model, model.layer(), hz))]


def impedance_ratio(model: Model, hz: float) -> list[float]:
    return [abs(small(model, model.layer(), hz)) / abs(small(model, model.layer(), 1.0))]


def phase(model: Model, hz: float) -> list[float]:
    z = small(model, model.layer(), hz)
    return [-math.degrees(math.atan2(z.imag, z.real))]


def time_constant(model: Model) -> list[float]:
    return [people.R0_OHM * model.c * 1e3]


def gelled() -> list[people.Person]:
    """People as Rosell had them: gel, no peel, nothing before."""
    everybody = (people.drawn(seed) for seed in range(DRAWN))
    return [one for one in everybody if one.dryness == 0 and one.peel == 1 and one.worn == 0]


def population(model: Model, share: float) -> list[float]:
    found = []
    for one in gelled():
        layer = Layer(one.face, 1.0)
        found.append(abs(small(model, layer, 1.0)) * 1e-3)
    return [sorted(found)[round(share * (len(found) - 1))]]


def palms(model: Model, share: float) -> list[float]:
    found = sorted(1e6 / people.drawn(seed).hand.r0 for seed in range(DRAWN))
    return [found[round(share * (len(found) - 1))]]


def drying(model: Model) -> list[float]:
    return [people.named("dry").face.r0 / people.named("hydrated").face.r0]


def swelling(model: Model) -> list[float]:
    return [people.named("hydrated").face.c / people.named("dry").face.c]


def charge_fall(model: Model, ua: float, seconds: float, r0: float) -> list[float]:
    layer = model.layer(r0=r0)
    before = abs(small(model, layer, 1.0))
    after(layer, ua, seconds)
    layer.open = 0.0  # "immediately after" is longer than the seconds it takes
    return [100 * (1 - abs(small(model, layer, 1.0)) / before)]


def memory(model: Model, seconds: float) -> list[float]:
    layer = model.layer()
    after(layer, 100.0, 30.0)
    worn = layer.worn
    after(layer, 0.0, seconds, 0.05)
    return [layer.worn / worn]


def sweep(model: Model, volts: float, hz: float, turns: int = 3) -> list[tuple[float, float]]:
    """(V, µA/cm²) of a slow sine, the last turn of it; the sign faces what it drives."""
    layer = model.layer()
    steps = round(1 / hz / H_S)
    points = []
    for step in range(turns * steps):
        layer.v = volts * math.sin(2 * math.pi * step / steps)
        layer.face(layer.v > 0)
        j = conductance(layer) * layer.v
        layer.conduct(j, H_S)
        points.append((layer.v, j * 1e6))
    return points[-steps:]


def loop(model: Model, volts: float, hz: float) -> list[float]:
    points = sweep(model, volts, hz)
    quarter = len(points) // 4
    rising, falling = points[:quarter], points[quarter : 2 * quarter]
    pairs = zip(rising[1:], reversed(falling))
    widest = max(abs(one[1] - other[1]) for one, other in pairs)
    return [widest / max(j for _, j in points)]


def second_pulse(model: Model, ua: float, ms: float, gap_ms: float) -> list[float]:
    layer = model.layer()
    first = after(layer, ua, ms * 1e-3, 1e-4)
    after(layer, 0.0, gap_ms * 1e-3, 1e-4)
    return [after(layer, ua, ms * 1e-3, 1e-4) / first]


def peeled_fall(
    model: Model, ua: float, seconds: float, area_cm2: float, peel: float
) -> list[float]:
    """Two electrodes and the body, both places abraded."""
    found = []
    for left in (1.0, peel):
        volts = sum(
            after(model.layer(area_cm2, people.R0_OHM * left, anode), ua, seconds)
            for anode in (False, True)
        )
        found.append(volts / ua * 1e6 + 350 + 2 * model.local_ohm / area_cm2)
    return [100 * (1 - found[1] / found[0])]


def grip(model: Model, hand: str, ua: float, seconds: float) -> list[float]:
    person = people.named("hydrated", hand)
    layer = Layer(person.hand, person.grip_cm2)
    layer.face(True)
    return [after(layer, ua, seconds) / ua * 1e3 + model.local_ohm / person.grip_cm2 * 1e-3]


PROTOCOLS: dict[str, Callable[..., list[float]]] = {
    made.__name__: made
    for made in (
        held, initial_ratio, initial_fall, recovery, way_back, under_voltage, gain, impedance,
        impedance_ratio, phase, time_constant, population, palms, drying, swelling, charge_fall,
        memory, loop, second_pulse, peeled_fall, grip,
    )
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    id: str
    what: str
    source: str
    protocol: str
    arguments: dict[str, Any]
    unit: str
    published: str
    low: float
    high: float
    spread: str
    fit: bool = False
    why: str = ""

    def model(self, model: Model) -> list[float]:
        return PROTOCOLS[self.protocol](model, **self.arguments)

    def keeps(self, values: list[float]) -> bool:
        return all(self.low <= value <= self.high for value in values)
