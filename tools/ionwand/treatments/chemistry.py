"""From pKa and pH to what a molecule carries: mean charge, ionised fraction, and plain words.

Henderson-Hasselbalch, proton after proton: an acid HA loses its own above its pKa (0 to -1), a
base's BH+ keeps it below (+1 to 0). Polyprotic acids, bases and zwitterions are chains of such
steps; activities are left out. Runs in the page's MicroPython too: virtual/carried.py.
"""

import math

ISOELECTRIC_PH = 0.5  # nearer to the isoelectric point than this the sign is a guess (judgement)
STRONG = 0.8  # what is worth buffering to (judgement)
WEAK = 0.5  # less than half a charge on average: most of the product is not pushed (judgement)
NEUTRAL = 0.05  # as firmware/polarity.py: nothing left to push
# What of an anion the water takes back. Water flows from the anode: 3 to 19 µL per mA·h through
# excised mouse skin (mannitol 1.23 µL/h cm² at 0.36 mA/cm², "Convective solvent flow across the
# skin during iontophoresis"; glycine 6.1 at 0.32, "Transport mechanisms in iontophoresis III").
# An ion of charge z and a third of sodium's mobility migrates in 0.1 M of salt with about z times
# 56 µL per mA·h (worked out, unverified). So an anion below 0.35 e may go the other way.
ANION_MIN = 0.35
# Of a cation the water is a help, so only the sign must be sure: pKa and pH are known to 0.1 to
# 0.2, which is 0.05 e or less where so little is charged (judgement).
CATION_MIN = 0.10
# Migration ends at a radius of about 8 Å (PMC2082109), a globule of 1.8 kDa (0.66 Å times the cube
# root of its mass in Da); 10 kDa is 14 Å. Anions of 5 and 66 kDa went with the water, from the
# anode, whatever their charge (Pikal and Shah 1990).
LARGE_DA = 1000.0
TOO_LARGE_DA = 10_000.0
PH_MIN, PH_MAX = 2.0, 10.0  # what anybody puts on skin (judgement)
SKIN_PH_MIN, SKIN_PH_MAX = 4.0, 7.5  # what advice may ask skin to meet (judgement)
PKA_MIN, PKA_MAX = -10.0, 20.0
UNCERTAIN = math.inf  # a charge whose sign is a guess


class Molecule:
    """Acid and base groups by pKa, and a charge that no pH changes (Mg 2+)."""

    def __init__(
        self, acids: tuple[float, ...] = (), bases: tuple[float, ...] = (), fixed: float = 0.0
    ) -> None:
        self.acids, self.bases, self.fixed = acids, bases, fixed

    @property
    def zwitterionic(self) -> bool:
        return bool(self.bases) and bool(self.acids)


def acid_fraction(pka: float, ph: float) -> float:
    """How much of an acid group has lost its proton."""
    return 1 / (1 + 10 ** (pka - ph))


def base_fraction(pka: float, ph: float) -> float:
    """How much of a basic group has its proton."""
    return 1 / (1 + 10 ** (ph - pka))


def charge(molecule: Molecule, ph: float) -> float:
    """Mean net charge, in elementary charges.

    Tabled pKa values are those of the whole molecule, one proton after the other. So each number
    of lost protons has its weight, and pKa values that lie close (azelaic acid) come out right.
    """
    pkas = sorted(molecule.acids + molecule.bases)
    powers = [0.0]
    for pka in pkas:
        powers.append(powers[-1] + ph - pka)
    highest = max(powers)
    weights = [10 ** (power - highest) for power in powers]
    lost = sum(count * weight for count, weight in enumerate(weights)) / sum(weights)
    return molecule.fixed + len(molecule.bases) - lost


def ionised(molecule: Molecule, ph: float) -> float:
    """Fraction of molecules with any charged group."""
    if molecule.fixed:
        return 1.0
    neutral = 1.0
    for pka in molecule.acids:
        neutral *= 1 - acid_fraction(pka, ph)
    for pka in molecule.bases:
        neutral *= 1 - base_fraction(pka, ph)
    return 1 - neutral


def isoelectric_point(molecule: Molecule) -> float | None:
    """pH without net charge, where acid and base groups can balance; by halving."""
    if not molecule.zwitterionic or molecule.fixed:
        return None
    low, high = -5.0, 20.0
    if not charge(molecule, low) > 0 > charge(molecule, high):
        return None
    while high - low > 1e-6:
        middle = (low + high) / 2
        if charge(molecule, middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def uncertain_sign(molecule: Molecule, ph: float) -> bool:
    """Amphoteric: so near the isoelectric point, or along its flat middle, that a small error in
    pH or pKa turns the sign."""
    point = isoelectric_point(molecule)
    if point is None:
        return False
    here = charge(molecule, ph)
    if abs(here) < NEUTRAL or abs(ph - point) < ISOELECTRIC_PH:
        return True
    shifted = [charge(molecule, ph + step) for step in (-ISOELECTRIC_PH, ISOELECTRIC_PH)]
    return any(math.copysign(1, other) != math.copysign(1, here) for other in shifted)


def with_the_water(net: float) -> bool:
    """Neutral, or so weak a cation that the water's flow from the anode is what carries it."""
    return -NEUTRAL < net < ANION_MIN


def beaten(net: float) -> str:
    """Why this charge is too small to follow, "" where it isn't."""
    if abs(net) < NEUTRAL:
        return "neutral: no charge to push (only with electroosmosis)"
    if -ANION_MIN < net < 0:
        return (f"mean charge {net:+.2f}: water, which flows from the anode, may carry it the "
                "other way; an anion needs 0.35 or more")  # fmt: skip
    if 0 < net < CATION_MIN:
        return f"mean charge {net:+.2f}: its sign is within the error of pH and pKa"
    return ""


def ph_for(molecule: Molecule, wanted: float, ph: float) -> float | None:
    """Nearest pH to `ph` that skin may meet, in steps of 0.5, with at least `wanted` net charge of
    the same sign."""
    here = charge(molecule, ph)
    steps = [SKIN_PH_MIN + i / 2 for i in range(int((SKIN_PH_MAX - SKIN_PH_MIN) * 2) + 1)]
    for candidate in sorted(steps, key=lambda step: abs(step - ph)):
        there = charge(molecule, candidate)
        if abs(there) >= wanted and there * here > 0 and not uncertain_sign(molecule, candidate):
            return candidate
    return None


def explain(name: str, molecule: Molecule, ph: float, instead: str = "") -> str:
    """One line for a person: how much is ionised, which way it is pushed, what would help."""
    net = charge(molecule, ph)
    share = f"{name} at pH {ph:g} is {100 * ionised(molecule, ph):.0f} % ionised"
    if not molecule.acids and not molecule.bases:
        share = f"{name} is an ion at any pH" if molecule.fixed else f"{name} carries no charge"
    if uncertain_sign(molecule, ph):
        point = isoelectric_point(molecule)
        return f"{share}, but amphoteric near its isoelectric point (pH {point:.1f}): refused"
    if abs(net) < NEUTRAL:
        return f"{share}: neutral, nothing to push; only electroosmosis carries it"
    if abs(net) < WEAK:
        better = ph_for(molecule, STRONG, ph)
        help_ = [f"buffer to pH {better:g}"] if better is not None else []
        help_ += [f"use {instead}"] if instead else []
        return f"{share}: weak; " + (" or ".join(help_) or "choose another product")
    kind = "anion, pushed by the roller as cathode" if net < 0 else (
        "cation, pushed by the roller as anode"
    )
    return f"{share}, mean charge {net:+.2f}: {kind}"
