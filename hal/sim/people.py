"""Skins that people have: a few by name, and anybody drawn by seed.

A skin is two tissues, under the roller and in the hand that closes the circuit, and the body
between. docs/skin.md says what is published, what is fitted and what is nobody's figure.
"""

from math import exp

from hal.sim.layer import Tissue
from hal.sim.parts import Lcg

# The population: medians, and spreads as standard deviations of the logarithm.
R0_OHM = 100e3  # gelled, 1 cm²: Rosell 1988, 10 kΩ to 1 MΩ in a hundred measurements
R0_SPREAD = 0.92
R_OPEN_OHM = 2.3e3  # fitted: 2.3 to 8 kΩ of excised membranes
R_OPEN_SPREAD = 0.3
C_F = 20e-9  # fitted: 1 to 4 ms of Birlea 2011 over R0_OHM
C_SPREAD = 0.25
PALM_S = 7e-6  # palms conduct 1 to 40 µS/cm²
PALM_SPREAD = 0.8
PATCH_SPREAD = 0.3  # from place to place on one face: nobody's figure
POTENTIAL_V = 15e-3  # of skin; see patch_potential
DRYING = 14.0  # resistance of dry beside hydrated horny layer: Björklund 2013, excised
SWELLING = 1.5  # and capacitance
# Beside R0_OHM. No source tells face from forearm: assumed, and small beside the spread.
SITES = (("cheek", 0.9), ("forehead", 0.8), ("chin", 0.9), ("neck", 1.1), ("forearm", 1.3))


# Ω·cm², F/cm², Ω·cm². Very dry and peeled: nobody's figures.
_HYDRATED = (60e3, C_F, R_OPEN_OHM)
_DRY = (60e3 * DRYING, C_F / SWELLING, R_OPEN_OHM * DRYING)
_FACES = {
    "hydrated": _HYDRATED,
    "dry": _DRY,
    "very_dry": (3e6, 10e-9, 350e3),
    "peeled": (6e3, C_F, R_OPEN_OHM),
}
_HANDS = {"damp": _HYDRATED, "dry": _DRY}
FACES = tuple(sorted(_FACES))
HANDS = tuple(sorted(_HANDS))
# How the return electrode is held: with which hand (None: the person's own), with how much of the
# grip; None: not at all.
GRIPS = {"firm": (None, 1.0), "dry": ("dry", 1.0), "loose": (None, 0.05), "off": None}


class Person:
    """Who is treated: tissue under the roller and in the grip, its cm², the body's Ω."""

    def __init__(self, face, hand, grip_cm2=15.0, r_body=350.0):
        self.face = face
        self.hand = hand
        self.grip_cm2 = grip_cm2
        self.r_body = r_body
        self.site = "cheek"
        self.dryness = 0.0  # 0 gelled, 1 dry
        self.peel = 1.0  # what a peel has left of the barrier
        self.worn = 0.0  # share of what charge can do, left by a treatment before this one


def hand(name):
    """One of HANDS."""
    return Tissue(*_HANDS[name])


def between(one, other, share):
    """The tissue that lies `share` of the way from one to the other."""
    return Tissue(
        one.r0 * (other.r0 / one.r0) ** share,
        one.c * (other.c / one.c) ** share,
        one.r_open * (other.r_open / one.r_open) ** share,
    )


def named(face, of_hand="damp"):
    """A person with one of FACES, holding with one of HANDS."""
    return Person(Tissue(*_FACES[face]), hand(of_hand))


def normal(draw):
    """About normal, mean 0, deviation 1, never beyond 6, from a `Lcg.spread`."""
    total = 0.0
    for _ in range(12):
        total += draw()
    return 0.5 * total


def patch_scale(draw):
    """Resistance of a place on the skin beside its neighbourhood's."""
    return exp(PATCH_SPREAD * normal(draw))


def patch_potential(draw):
    """What a roller makes of the skin's own potential at a place, V.

    Skin is some 15 mV negative outside, and loses a part of that where it is stretched [de
    Talhouet and Webster 1996]; gel that moves adds hundredths of a millivolt [Ödman and Öberg
    1982].
    """
    return POTENTIAL_V * draw()


def drawn(seed):
    """Anybody, the same for the same seed on every interpreter."""
    draw = Lcg(seed).spread
    site, of_site = SITES[int((draw() + 1.0) * 0.499999 * len(SITES))]
    r0 = R0_OHM * of_site * exp(R0_SPREAD * normal(draw))
    c = C_F * exp(C_SPREAD * normal(draw))
    r_open = R_OPEN_OHM * exp(R_OPEN_SPREAD * normal(draw))
    dryness = _sometimes(draw, 0.15)
    peel = 1.0 - 0.9 * _sometimes(draw, 0.1)
    worn = _sometimes(draw, 0.15)
    palm = _tissue(
        exp(-PALM_SPREAD * normal(draw)) / PALM_S, C_F, R_OPEN_OHM, _sometimes(draw, 0.2), 1.0
    )
    person = Person(
        _tissue(r0, c, r_open, dryness, peel),
        palm,
        15.0 * exp(0.3 * normal(draw)),
        350.0 * exp(0.2 * normal(draw)),
    )
    person.site = site
    person.dryness = dryness
    person.peel = peel
    person.worn = worn
    return person


def _sometimes(draw, share):
    """0 for most; for `share` of the people flat up to 1."""
    amount = (draw() + 1.0) * 0.5
    often = (draw() + 1.0) * 0.5
    return amount if often < share else 0.0


def _tissue(r0, c, r_open, dryness, peel):
    more = DRYING**dryness
    return Tissue(r0 * more * peel, c / SWELLING**dryness, r_open * more * peel)
