"""Meters of tests/meters, played by pyvisa-sim: their words, their steps, their errors."""

import contextlib
from pathlib import Path

import pyvisa_sim.component
import yaml

from hal.sim.parts import Lcg
from ionwand.instruments import profiles, visa

FOLDER = Path(__file__).parents[1] / "meters"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def options(name):
    """Of a command, for that meter."""
    path = FOLDER / f"{name}.yaml"
    (resource,) = yaml.safe_load(path.read_text())["resources"]
    return ["--meter", resource, "--visa", f"{path}@sim"]


def profile(name):
    return next(one for one in profiles.known()
                if one.name.lower().replace(" ", "_").replace("-", "_") == name)  # fmt: skip


def opened(name):
    _, resource, _, library = options(name)
    return visa.Visa(resource, library)


class Instrument:
    """One meter of its kind: an error of gain and offset within its limits, noise, and steps."""

    def __init__(self, kind, seed, step_na=None):
        draw = Lcg(seed).spread
        self._gain = 1 + draw() * kind.ppm * 1e-6
        self._offset_na = draw() * kind.na
        self._step_na = kind.resolution_na if step_na is None else step_na
        self._noise = draw

    def __call__(self, amperes):
        na = amperes * 1e9 * self._gain + self._offset_na + self._noise() * 5
        if self._step_na:
            na = round(na / self._step_na) * self._step_na
        return na * 1e-9


@contextlib.contextmanager
def looked_at(amperes):
    """Every simulated meter reads what this function gives."""
    reader = pyvisa_sim.component.Property.get_value
    pyvisa_sim.component.Property.get_value = lambda _: amperes()
    try:
        yield
    finally:
        pyvisa_sim.component.Property.get_value = reader
