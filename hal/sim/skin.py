"""What lies between the electrodes: skin under the roller, the body, skin of the return hand.

Three nonlinear RC pairs in series with a resistance: v_sc over the horny layer under the roller
and v_hand over the hand's (layer.py has what they do, people.py whose they are), v_dl over the
electrodes' double layers, which is no skin.
"""

from math import exp

import micropython
from micropython import const

from hal.sim import people
from hal.sim.layer import Layer, Patch
from hal.sim.resistor import Resistor

# Electrodes, per cm² of roller; the grip is so much larger that the roller's is what counts.
# Polished steel in gel: starting points that nobody has measured for this wand [E].
_DL_F = const(10e-6)
_DL_A = const(1.0667e-9)
_DL_V_INV = const(6.666666666666667)  # 1/V, slope of the electrode reaction [E]

# A turning roller brings metal that has lain in no current since its last turn, and kept some of
# its charge: so much of what a whole turn brings is fresh [E].
_FRESH_METAL = const(0.5)

# Gel and living skin for 1 cm²: Rosell's 220 Ω at 100 kHz, fitted. It scales with the area, what
# people.py gives the body does not.
LOCAL_OHM = const(204.0)

STEP_MAX_V = 0.5  # largest move of a horny layer in one step [E]
_REST_STEP_S = 60.0


class Skin:
    """Voltages are in the circuit's direction; `turned` says which electrode is +."""

    live = True  # False: a plain resistor on the bench

    def __init__(self, name, person, area_cm2=3.0):
        self.name = name
        self.r_body = person.r_body
        self.roller = Layer(person.face, area_cm2, person.worn)
        self.hand = Layer(person.hand, person.grip_cm2)
        self.person = person
        self.v_dl = 0.0
        self.v_moved = 0.0  # skin's own potential, which changes as it is stretched
        self.turned = False
        self.left_us = None  # plant time when it was last let go
        self._was_dl = 0.0
        self._signed()
        self._sized()

    @property
    def v_sc(self):
        """Volts over the horny layer under the roller."""
        return self.roller.v

    @property
    def v_hand(self):
        """Volts over the horny layer of the return hand."""
        return self.hand.v

    @micropython.native
    def emf(self):
        """All voltages that charge has built up, V."""
        return self.roller.v + self.hand.v + self.v_dl + self.v_moved

    def set_area(self, area_cm2):
        """The roller touches so much, 0.1 to 100 cm²."""
        self.roller.size(_area(area_cm2))
        self._sized()

    def set_grip(self, area_cm2):
        """The hand holds so much of the return electrode, 0.1 to 100 cm²."""
        self.hand.size(_area(area_cm2))
        self._sized()

    def hold(self, grip, share=1.0):
        """The return electrode is held as one of people.GRIPS has it; "off" is not for us.

        `share` (above 0, up to 1): so far from how it is held now to that, evenly in Ω.
        """
        name, part = people.GRIPS[grip]
        person = self.person
        tissue = person.hand if name is None else people.hand(name)
        area_cm2 = person.grip_cm2 * part
        if share < 1.0:
            tissue = people.between(self.hand.tissue, tissue, share)
            area_cm2 = self.hand.area_cm2 * (area_cm2 / self.hand.area_cm2) ** share
        if tissue is not self.hand.tissue:
            volts = self.hand.v
            self.hand = Layer(tissue, area_cm2)
            self.hand.v = volts
            self._signed()
        self.set_grip(area_cm2)

    def patch(self, scale=1.0, potential_v=0.0):
        """A place on this face where the roller has not been; see people.patch_scale."""
        return Patch(scale, self.roller.before, potential_v)

    def roll(self, patch, share, now_us):
        """The roller moves on: see Layer.roll. A twentieth at a time makes no spark of its own."""
        self.roller.roll(patch, share, now_us)
        self.v_dl *= 1.0 - _FRESH_METAL * share
        e1_v = -self.v_moved if self.turned else self.v_moved
        e1_v += share * (patch.potential_v - e1_v)
        self.v_moved = -e1_v if self.turned else e1_v

    def leave(self, patch, now_us):
        """The roller leaves `patch`, which remembers."""
        self.roller.leave(patch, now_us)

    def _sized(self):
        area = self.roller.area_cm2
        self.r_deep = self.r_body + LOCAL_OHM / area + LOCAL_OHM / self.hand.area_cm2
        # Divided once, as the step below runs up to 200 times a second of a session.
        self.dl_inv = 1.0 / (_DL_F * area)
        self.dl_leak = 0.5 * _DL_A / _DL_F  # V/s
        self.dl_rate = self.dl_leak * _DL_V_INV  # 1/s

    def turn(self, turned):
        """The bridge has been reversed: the same charge now stands the other way round."""
        if turned == self.turned:
            return
        self.turned = turned
        self._signed()
        self.roller.v = -self.roller.v
        self.hand.v = -self.hand.v
        self.v_dl = -self.v_dl
        self.v_moved = -self.v_moved

    def _signed(self):
        self.roller.face(not self.turned)
        self.hand.face(self.turned)

    @micropython.native
    def undo(self):
        """Take the last `step` back."""
        self.roller.undo()
        self.hand.undo()
        self.v_dl = self._was_dl

    @micropython.native
    def step(self, i, h, g, any_move):
        """Carry current `i` for `h` seconds; `g`: by how much `i` falls per volt of our rise.

        Exponential Rosenbrock for the voltages, slowest first: what has moved pulls on the
        current of the next. Returns the mean current, or None with nothing changed where a
        horny layer would move too far, unless `any_move`.
        """
        roller = self.roller
        hand = self.hand
        roller.save()
        hand.save()
        v = self._was_dl = self.v_dl
        e = exp(v * _DL_V_INV)
        d = 1.0 / e
        inv = self.dl_inv
        z = h * ((e + d) * self.dl_rate + g * inv)
        slow = (i * inv - (e - d) * self.dl_leak) * h * (1.0 - exp(-z)) / z
        self.v_dl = v + slow
        likely = roller.guess(i, h, g) if g > 1e-7 else 0.0
        held = hand.rise(i, h, g, g * (slow + likely))
        rise = roller.rise(i, h, g, g * (slow + held))
        if not (
            any_move or (-STEP_MAX_V < rise < STEP_MAX_V and -STEP_MAX_V < held < STEP_MAX_V)
        ):
            self.undo()
            return None
        if g < 1e-7:
            return i
        return i - g * (rise * roller.share + held * hand.share + 0.5 * slow)

    @micropython.native
    def glide(self, i, h):
        """`step` with g = 0 in as few operations as can be: each costs 0.2 µs on the Unix port.

        Returns the rise of all voltages together, or None where a horny layer would move too far.
        """
        roller = self.roller
        hand = self.hand
        roller.save()
        hand.save()
        rise = roller.glide(i, h)
        held = hand.glide(i, h)
        if not (-STEP_MAX_V < rise < STEP_MAX_V and -STEP_MAX_V < held < STEP_MAX_V):
            roller.undo()
            hand.undo()
            return None
        v = self.v_dl
        e = exp(v * _DL_V_INV)
        d = 1.0 / e
        lam = (e + d) * self.dl_rate
        d = (i * self.dl_inv - (e - d) * self.dl_leak) / lam * (1.0 - exp(lam * -h))
        self.v_dl = v + d
        return rise + held + d

    def rest(self, seconds):
        """Nobody touches it: the voltages leak away through the skin itself."""
        self.left_us = None
        h = 1e-3
        while seconds > 0.0:
            h = min(h, seconds)
            self.step(0.0, h, 0.0, True)
            self.roller.rested(h)
            self.hand.rested(h)
            seconds -= h
            h = min(1.5 * h, _REST_STEP_S)


def _area(area_cm2):
    if not 0.1 <= area_cm2 <= 100.0:
        raise ValueError(f"skin area {area_cm2} cm2: expected 0.1 to 100")
    return area_cm2


def make_skin(name, area_cm2=3.0):
    """A skin by name, `drawn:SEED`, or `resistor:OHMS`. The roller touches `area_cm2`."""
    if name.startswith("resistor:"):
        try:
            ohms = float(name[9:])
        except ValueError:
            ohms = 0.0
        if not 0.0 < ohms < 1e9:
            raise ValueError(f"skin {name!r}: resistor:OHMS wants a number above 0, as 2000")
        return Resistor(name, ohms)
    if name.startswith("drawn:"):
        seed = name[6:]
        if not (0 < len(seed) <= 9 and all("0" <= digit <= "9" for digit in seed)):
            raise ValueError(f"skin {name!r}: drawn:SEED wants a whole number, as drawn:7")
        return Skin(name, people.drawn(int(seed)), _area(area_cm2))
    if name not in people.FACES:
        known = ", ".join(people.FACES)
        raise ValueError(f"skin {name!r} is unknown: choose {known}, drawn:SEED or resistor:OHMS")
    return Skin(name, people.named(name), _area(area_cm2))
