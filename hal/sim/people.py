"""Skins that people have: a few by name, and anybody drawn by seed.

A skin is two tissues, under the roller and in the hand that closes the circuit, and the body
between. Figures per cm² are fitted to what is published: docs/skin.md, tools/pages/skin_fit.py.
"""




class Tissue:
    """SI units per cm²: Ω·cm² of skin at rest, F/cm², Ω·cm² of open paths, S/cm² worn at most."""

    def __init__(self, r0, c, r_open, worn_max):
        self.r0 = r0
        self.c = c
        self.r_open = r_open
        self.worn_max = worn_max


class Person:
    """Who is treated: tissue under the roller, tissue and cm² of the grip, body in Ω."""

    def __init__(self, face, hand, grip_cm2=15.0, r_body=350.0):
        self.face = face
        self.hand = hand
        self.grip_cm2 = grip_cm2
        self.r_body = r_body


# Dry against hydrated horny layer: 14 times the resistance, 1/1.5 of the capacitance
# (Björklund 2013, excised). Very dry and peeled: nobody's figures, see docs/skin.md.
_FACES = {
    "hydrated": (60e3, 30e-9, 2.5e3, 1e-4),
    "dry": (840e3, 20e-9, 35e3, 7e-6),
    "very_dry": (1.5e6, 10e-9, 200e3, 1e-6),
    "peeled": (6e3, 30e-9, 2.5e3, 1e-4),
}
_HANDS = {
    "damp": (60e3, 30e-9, 2.5e3, 1e-4),
    "dry": (840e3, 20e-9, 35e3, 7e-6),
}
FACES = tuple(sorted(_FACES))
HANDS = tuple(sorted(_HANDS))
SEED_MAX = 999_999_999


def named(face, hand="damp"):
    """A person with one of FACES, holding with one of HANDS."""
    return Person(Tissue(*_FACES[face]), Tissue(*_HANDS[hand]))
