"""What chemistry says of an active by its name, against what a stranger's catalogue says of it.

A sign that no pH on skin gives is refused: with it the product would be pulled out. Neither is a
product for use after a peel believed without its flag, which holds it to 125 µA [F-01] [S-06].
pKa values are those of the design's table [D] and catalogue.toml: textbook values, unverified.
"""

from ionwand.treatments import chemistry, words
from ionwand.treatments.chemistry import Molecule

PH_LOW, PH_HIGH = 3.0, 9.0  # beyond, nobody leaves it on skin for minutes (judgement)
# By what stands in a name, of which several may: an ester's metal is not its active.
ACTIVES = {
    "ascorb": Molecule(acids=(4.2, 11.6)),
    "vitaminc": Molecule(acids=(4.2, 11.6)),
    "hyaluron": Molecule(acids=(3.0,)),
    "niacinamid": Molecule(bases=(3.4,)),
    "nicotinamid": Molecule(bases=(3.4,)),
    "tranexam": Molecule(acids=(4.3,), bases=(10.6,)),
    "salicyl": Molecule(acids=(3.0,)),
    "glycol": Molecule(acids=(3.8,)),
    "lactic": Molecule(acids=(3.86,)),
    "mandelic": Molecule(acids=(3.4,)),
    "azela": Molecule(acids=(4.5, 5.5)),
    "glutathion": Molecule(acids=(2.1, 3.5, 8.7), bases=(9.6,)),
    "arginin": Molecule(acids=(2.2,), bases=(9.0, 12.5)),
    "zinc": Molecule(fixed=2.0),
    "magnesium": Molecule(fixed=2.0),
    "calcium": Molecule(fixed=2.0),
}
# Not what they sound like: esters and alcohols without the acid's charge.
_OTHERS = ("glycolipid", "propyleneglycol", "butyleneglycol", "polyethyleneglycol", "peg")
_PEEL = ("peel", "peeled", "peeling", "microdermabrasion", "dermabrasion", "afterpeel")


def signs(molecule: Molecule) -> set[int]:
    """The signs that it can have on skin; 0 where it may be neutral."""
    found = set()
    for step in range(int((PH_HIGH - PH_LOW) * 4) + 1):
        net = chemistry.charge(molecule, PH_LOW + step / 4)
        found.add(0 if abs(net) < chemistry.NEUTRAL else 1 if net > 0 else -1)
    return found


def contradiction(text: str, sign: int) -> str:
    """Why a product of this name can't have ions of this sign (-1, 0, 1); "" where it can."""
    whole = "".join(words.words(text))
    for other in _OTHERS:
        whole = whole.replace(other, "")
    named = {name: signs(molecule) for name, molecule in ACTIVES.items() if name in whole}
    if not named or any(sign in possible for possible in named.values()):
        return ""
    name, possible = min(named.items())
    has = " or ".join({-1: "negative", 0: "neutral", 1: "positive"}[one]
                      for one in sorted(possible))  # fmt: skip
    is_ = {-1: "an anion", 0: "neutral", 1: "a cation"}[sign]
    return (f"{name}... as {is_} contradicts its chemistry: it is {has} from pH {PH_LOW:g} to "
            f"{PH_HIGH:g}; the wrong sign pulls it out of the skin")  # fmt: skip


def after_peel(text: str) -> bool:
    """True where a name says that skin without its barrier is treated."""
    return any(word in _PEEL for word in words.words(text))
