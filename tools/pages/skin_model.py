"""The skin model as the fit sees it: what may move, and current or voltage put on a layer.

The equations are hal/sim/layer.py's, not copied.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields

from ionwand.device import source

source.products()  # makes firmware and hal importable

from hal.sim import people, skin  # noqa: E402
from hal.sim.layer import Layer, Tissue  # noqa: E402

H_S = 0.005


@dataclass(frozen=True)
class Model:
    """What the fit may move. SI units, per cm²."""

    hold_cathode_v: float
    hold_anode_v: float
    worn_gain: float
    worn_per_c: float
    worn_tau_s: float
    r_open: float
    c: float
    local_ohm: float
    # Whose skin bf02474422 measured: no property of the model, but it must be somebody's.
    r0_seen: float = 400e3

    @classmethod
    def of_code(cls, r0_seen: float = 400e3) -> "Model":
        """As hal/sim has it today."""
        of_all = ("hold_cathode_v", "hold_anode_v", "worn_gain", "worn_per_c", "worn_tau_s")
        return cls(
            *(getattr(Tissue, name) for name in of_all),
            r_open=people.R_OPEN_OHM,
            c=people.C_F,
            local_ohm=skin.LOCAL_OHM,
            r0_seen=r0_seen,
        )

    def layer(
        self, area_cm2: float = 1.0, r0: float = people.R0_OHM, anode: bool = False
    ) -> Layer:
        tissue = Tissue(r0, self.c, self.r_open)
        for field in fields(self):
            if hasattr(tissue, field.name):
                setattr(tissue, field.name, getattr(self, field.name))
        layer = Layer(tissue, area_cm2)
        layer.face(anode)
        return layer


def conductance(layer: Layer) -> float:
    """S/cm² at the layer's voltage."""
    return layer.g0 * (1 + layer.v**2 / 64) + layer.open + layer.worn


def carry(
    layer: Layer, ua: float, seconds: float, h: float = H_S
) -> Iterator[tuple[float, float]]:
    """Constant current; (s, V) as it goes."""
    for step in range(1, round(seconds / h) + 1):
        layer.glide(ua * 1e-6, h)
        yield step * h, layer.v


def after(layer: Layer, ua: float, seconds: float, h: float = H_S) -> float:
    """V at the end of it."""
    for _ in carry(layer, ua, seconds, h):
        pass
    return float(layer.v)


def clamp(layer: Layer, volts: float, seconds: float, h: float = H_S) -> float:
    """Constant voltage; S/cm² at the end."""
    layer.v = volts
    for _ in range(round(seconds / h)):
        layer.conduct(conductance(layer) * volts, h)
    return conductance(layer)


def small(model: Model, layer: Layer, hz: float) -> complex:
    """Impedance in Ω to a signal too small to change anything, gel and living skin included."""
    layer.v = 0.0
    y = conductance(layer) + 2j * math.pi * hz * layer.tissue.c
    return (1 / y + model.local_ohm) / layer.area_cm2
