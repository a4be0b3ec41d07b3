"""Everything around the simulated wand that outlives a reset: circuit, skin, chips, time, flash.

A script's events are applied at their time. `hal.sim.board.SimBoard` is what the firmware sees of
this; whoever simulates makes a World, hands it to `install`, and runs main.py.
"""

from hal.sim import faults
from hal.sim.ad5693r_twin import Ad5693rTwin
from hal.sim.ads1115_twin import Ads1115Twin
from hal.sim.barriers import Monostable, SessionTimer
from hal.sim.bus import SimI2C
from hal.sim.motion import Motion
from hal.sim.panel import Panel
from hal.sim.parts import Parts
from hal.sim.plant import Plant
from hal.sim.skin import make_skin

AD5693R_ADDR = 0x4C
ADS1115_ADDR = 0x48
BATTERY_MV = 3900
VBUS_MV = 4700
NEVER = 1 << 60
_GRIP_STEPS = 20  # a hand closes or opens within a tenth of a second
_GRIP_STEP_US = 5000

_installed = None


def install(world):
    """The world that the next SimBoard wakes up in."""
    global _installed
    _installed = world


def installed():
    """That world, or a fresh one with an untouched wand."""
    if _installed is None:
        install(World())
    return _installed


class TimeIsUp(BaseException):
    """The script's last event: nothing in the firmware catches it."""


class World:
    """`events`: dicts {at_s, one of press_s, touch, lift, grip, motion, fault, clear, vbus,
    battery_mv, end}. `motion`: as in motion.py; `noise`: a noise.Noise."""

    def __init__(self, parts=None, seed=0, events=(), motion="still", noise=None):
        self.parts = parts if parts is not None else Parts()
        self.now_us = 0
        self.plant = Plant(self.parts, seed)
        self.bus = SimI2C()
        parts = self.parts
        self.plant.photo_on_us = round(parts.photo_on_s * 1e6)
        self.plant.photo_off_us = round(parts.photo_off_s * 1e6)
        self.dac = Ad5693rTwin(
            parts.dac_ref_v, parts.dac_gain, parts.dac_offset_v, parts.dac_vdd_v
        )
        self.adc_volts = [0.0] * 4
        self.adc = Ads1115Twin(
            self,
            self.adc_volts,
            parts.precise_gain,
            parts.precise_offset_v,
            parts.precise_clock,
            seed,
        )
        self.noise = noise
        if noise is not None:
            self.adc.noise_codes = noise.precise_codes
        self.bus.attach(AD5693R_ADDR, self.dac)
        self.bus.attach(ADS1115_ADDR, self.adc)
        self.monostable = Monostable()
        self.timer = SessionTimer(round(parts.timer_s * 1e6), self.monostable)
        self.panel = Panel()
        self.battery_mv = BATTERY_MV
        self.vbus = False
        self.adc_stuck = False
        self.mcu_hang = False
        self.fast_factor = 1.0  # what the fast converter's reference makes of its readings
        self.crystal = 1  # 2: everything with a clock of its own is twice as fast as the chip's
        self.vbus_dead = False
        self.enable_stuck = False
        self.k1_line_alone = self.m2_line_alone = False  # deaf to the gate
        self.healthy = {}  # what values were before they broke: breaking.py
        self.watchdog_reset = False
        self.files = {}  # flash: name -> bytes
        self.observer = None  # gets tick(status) and edge() of every board in this world
        self.grip = "firm"
        self._grip_left = 0  # steps until the hand has closed or opened
        self._grip_us = NEVER
        self._skins = {}
        self._touched = None  # the skin under the roller, in hand or not
        self._events = sorted(
            [(round(event["at_s"] * 1_000_000), i, event) for i, event in enumerate(events)]
        )
        self._planned = len(self._events)
        self._release_us = NEVER
        self.motion = Motion(motion, seed)
        self._next()

    def supply_mv(self):
        """At VSYS: the cell, or USB's 5 V behind a Schottky diode."""
        return VBUS_MV if self.vbus else self.battery_mv

    def touch(self, name):
        """Put the roller on this skin; the same name is the same skin, with its memory."""
        if name not in self._skins:
            self._skins[name] = make_skin(name)
        self._touched = self._skins[name]
        self.hold(self.grip)

    def lift(self):
        """Take the roller off."""
        self._touched = None
        self.motion.end()
        self.plant.set_load(None)
        self._next()

    def hold(self, grip):
        """Hold the return electrode as one of people.GRIPS says; "off" opens the circuit."""
        self.grip = grip
        self._grip_us = NEVER
        if self._touched is None or grip == "off":
            self.motion.end()
            self.plant.set_load(None)
        elif self.plant.skin is self._touched:
            self._grip_left = _GRIP_STEPS
            self._grip_us = self.now_us
        else:
            self._touched.hold(grip)
            self.plant.set_load(self._touched)
            self.motion.begin(self._touched, self.now_us)
        self._next()

    @property
    def touched(self):
        """The skin under the roller, by name, bounces or not; "" for none."""
        if self._touched is None or self.grip == "off":
            return ""
        return self._touched.name

    def press(self, seconds):
        """Hold the button down from now on for so long."""
        self.panel.pressed = True
        self._release_us = self.now_us + round(seconds * 1_000_000)
        self._next()

    def power_rail(self, on):
        """The level of the rail's pin, which the session timer lives on."""
        self.timer.power(on, self.now_us)
        self._next()

    def inject(self, name):
        faults.apply(self, name, True)

    def clear(self, name):
        faults.apply(self, name, False)

    def run_events(self):
        """Apply what is due."""
        while self._events and self._events[0][0] <= self.now_us:
            self.apply(self._events.pop(0)[2])
        if self.motion.next_us <= self.now_us:
            self.motion.step(self.plant, self.now_us)
        if self._grip_us <= self.now_us:
            self.plant.shift(grip=self.grip, share=1.0 / self._grip_left)
            self._grip_left -= 1
            self._grip_us = self.now_us + _GRIP_STEP_US if self._grip_left else NEVER
        self.timer.step(self.now_us)
        if self._release_us <= self.now_us:
            self.panel.pressed = False
            self._release_us = NEVER
        self._next()

    def plan(self, event):
        """One more event, at its time, after those planned for the same time."""
        self._planned += 1
        self._events.append((round(event["at_s"] * 1_000_000), self._planned, event))
        self._events.sort()
        self._next()

    def apply(self, event):
        """One event of a script, now."""
        if "press_s" in event:
            self.press(event["press_s"])
        elif "touch" in event:
            self.touch(event["touch"])
        elif "lift" in event:
            self.lift()
        elif "grip" in event:
            self.hold(event["grip"])
        elif "motion" in event:
            self.motion.change(event["motion"], self.now_us)
        elif "fault" in event:
            self.inject(event["fault"])
        elif "clear" in event:
            self.clear(event["clear"])
        elif "vbus" in event:
            self.vbus = event["vbus"]
        elif "battery_mv" in event:
            self.battery_mv = event["battery_mv"]
        elif "end" in event:
            raise TimeIsUp
        else:
            raise ValueError("event %s has nothing to do" % event)

    def _next(self):
        self.next_us = self._release_us
        if self._events and self._events[0][0] < self.next_us:
            self.next_us = self._events[0][0]
        if self.motion.next_us < self.next_us:
            self.next_us = self.motion.next_us
        if self._grip_us < self.next_us:
            self.next_us = self._grip_us
        if self.timer.next_us < self.next_us:
            self.next_us = self.timer.next_us
