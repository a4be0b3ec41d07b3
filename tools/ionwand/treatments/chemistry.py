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
PH_MIN, PH_MAX = 2.0, 10.0  # what anybody puts on skin (judgement)
PKA_MIN, PKA_MAX = -10.0, 20.0


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


def ph_for(molecule: Molecule, wanted: float, ph: float) -> float | None:
    """Nearest pH to `ph`, in steps of 0.5, at which at least `wanted` net charge is there."""
    steps = [PH_MIN + i / 2 for i in range(int((PH_MAX - PH_MIN) * 2) + 1)]
    for candidate in sorted(steps, key=lambda step: abs(step - ph)):
        if abs(charge(molecule, candidate)) >= wanted:
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
        return f"{share}: weak" + ("; " + " or ".join(help_) if help_ else "")
    kind = "anion, pushed by the roller as cathode" if net < 0 else (
        "cation, pushed by the roller as anode"
    )
    return f"{share}, mean charge {net:+.2f}: {kind}"
