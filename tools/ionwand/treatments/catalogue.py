"""A TOML catalogue becomes products that the wand accepts, each with its reason in plain words.

Every field is checked here, so that a typing error names its entry; the wand checks the result
again with its own code, which runs here too (firmware/products.py) [R-07]. The page has this file
as it is, on MicroPython: virtual/carried.py.
"""

import math
from pathlib import Path
from typing import Any

from ionwand import textfile
from ionwand.device import source
from ionwand.errors import BadInput
from ionwand.treatments import chemistry, known, words

DEFAULT = Path(__file__).with_name("catalogue.toml")
_SIZE_MAX = 65536
_KEYS = {
    "id", "name", "acid_pka", "base_pka", "ph", "ion_charge", "current_ua", "time_s", "dose_uc",
    "mass_da", "after_peel", "electroosmosis", "patch_test", "instead", "notes", "zone_s",
}  # fmt: skip


class Entry:
    """One product for the wand, and why it is pushed the way it is."""

    def __init__(self, product: Any, words: str, weak: bool = False) -> None:
        self.product, self.words, self.weak = product, words, weak


def load(path: Path) -> list[Entry]:
    """All entries of a catalogue; BadInput with one line where one of them is refused."""
    text = textfile.read(path, _SIZE_MAX)
    try:
        textfile.unmistakable(text)
        table = textfile.toml(text)
    except BadInput as error:
        raise BadInput(f"{path}: {error}")
    try:
        return entries(table)
    except ValueError as error:
        raise BadInput(f"{path}: {error}")


def entries(table: dict[str, Any]) -> list[Entry]:
    """All entries of a catalogue that has been read; ValueError with one line."""
    rows = table.get("product")
    if set(table) != {"product"} or not isinstance(rows, list):
        raise ValueError("a catalogue is a list of [[product]] and nothing else")
    found = [entry(row) for row in rows]
    fault = wand().check_all([one.product for one in found])
    if fault:
        raise ValueError(fault)
    return found


def wand() -> Any:
    """firmware/products.py, the judge."""
    source.products()
    from firmware import products

    return products


def entry(row: Any) -> Entry:
    """One [[product]]; ValueError with one line."""
    if not isinstance(row, dict):
        raise ValueError("an entry must be a table")
    who = row.get("id") if isinstance(row.get("id"), str) else "an entry without id"
    surplus = sorted(set(row) - _KEYS)
    if surplus:
        raise ValueError(f"{who}: unknown key {surplus[0]!r}")
    try:
        return _entry(row)
    except ValueError as error:
        line = str(error)
        raise ValueError(line if line.startswith(f"{who}: ") else f"{who}: {line}")


def _entry(row: dict[str, Any]) -> Entry:
    products = wand()
    for key in ("id", "name"):
        if not isinstance(row.get(key), str):
            raise ValueError(f"{key} must be text")
    if not isinstance(row.get("instead", ""), str):
        raise ValueError("instead must be text")
    _in_scope(row["id"], row["name"])
    flags = 0
    for key, flag in (("after_peel", products.AFTER_PEEL),
                      ("electroosmosis", products.ELECTROOSMOSIS),
                      ("patch_test", products.PATCH_TEST)):  # fmt: skip
        value = row.get(key, False)
        if value is not True and value is not False:
            raise ValueError(f"{key} must be true or false")
        flags |= flag if value else 0
    size, large = _size(row)
    charge, why, weak = _charge(row)
    if not row.get("after_peel", False) and known.after_peel(f"{row['id']} {row['name']}"):
        raise ValueError("a product for use after a peel needs after_peel = true, which holds it "
                         "to 125 uA: refused without")  # fmt: skip
    if flags & products.ELECTROOSMOSIS and chemistry.with_the_water(charge):
        charge = 0.0
        why += "; it goes with the water, from the roller as anode"
    elif charge != chemistry.UNCERTAIN:
        sign = 0 if abs(charge) < chemistry.NEUTRAL else 1 if charge > 0 else -1
        if wrong := known.contradiction(f"{row['id']} {row['name']}", sign):
            raise ValueError(f"{wrong}: refused ({why})")
        if beaten := chemistry.beaten(charge):
            raise ValueError(f"{beaten}: refused ({why})")
    if size:
        why += f"; {size}"
    if words.salty(f"{row['id']} {row['name']} {row.get('notes', '')}"):
        why += "; its salt carries part of the current: the less salt, the more of it moves"
    current, time = _whole(row, "current_ua"), _whole(row, "time_s")
    dose = _whole(row, "dose_uc") if "dose_uc" in row else current * time
    zone = _whole(row, "zone_s") if "zone_s" in row else 0
    notes = row.get("notes", "")
    if not isinstance(notes, str) or not all(map(_printable, notes)):
        raise ValueError("notes must be one line of plain text")
    hundredths = products.polarity.AMPHOTERIC if charge == chemistry.UNCERTAIN else (
        round(100 * charge))  # fmt: skip
    product = products.Product(
        row["id"], row["name"], hundredths, current, dose, time, flags, notes, zone
    )
    fault = products.check(product)
    if fault:
        raise ValueError(f"{fault} ({why})" if "refused" in fault else _with_value(fault, row))
    return Entry(product, why, weak or large)


def _printable(char: str) -> bool:
    """No control character, no other end of a line. MicroPython has no str.isprintable."""
    return " " <= char < "\x7f" or char >= "\xa0" and char not in "\u2028\u2029\ufeff"


def _with_value(fault: str, row: dict[str, Any]) -> str:
    """The wand's line says what is allowed; here is what came, and by which key."""
    for word, key in (("setpoint must", "current_ua"), ("time must", "time_s"),
                      ("dose must", "dose_uc"), ("zone must", "zone_s")):  # fmt: skip
        if f": {word}" in fault:
            why = ", as the product is marked after_peel" if (
                key == "current_ua" and row.get("after_peel")) else ""  # fmt: skip
            return f"{fault}{why}; {key} is {row[key]}"
    return fault


def _in_scope(*texts: str) -> None:
    text = " ".join(texts)
    drug, oil = words.drug(text), words.oil(text)
    if drug:
        raise ValueError(f"{drug}: out of scope of this wand, refused")
    if oil:
        raise ValueError(f"{oil} is not water-soluble: it carries no ions, refused")
    if words.tap_water(text):
        raise ValueError("tap water is no product, and has caused burns: refused, use saline gel")


def _size(row: dict[str, Any]) -> tuple[str, bool]:
    """(what its size does in words, large). ValueError for what no current moves."""
    mass_da = _number(row["mass_da"], "mass_da", 10, 1e7) if "mass_da" in row else None
    protein = words.protein(f"{row['id']} {row['name']}")
    if protein and mass_da is None:
        raise ValueError(f"{protein} is a protein, most of them are too large to move: refused "
                         "without mass_da, its molar mass in Da")  # fmt: skip
    if mass_da is None or mass_da <= chemistry.LARGE_DA:
        return "", False
    size = f"{mass_da / 1000:g} kDa"
    if words.chain(row["name"]):
        return f"{size}, a long chain: reported in rat skin, most of it stays on the skin", True
    if mass_da > chemistry.TOO_LARGE_DA:
        raise ValueError(f"{size}: too large to move, whatever its charge: current moves little "
                         f"above {chemistry.LARGE_DA / 1000:g} kDa; refused")  # fmt: skip
    return f"{size} is large: current moves little of it, most stays on the skin", True


def _substance(name: str) -> str:
    return name.split(" at pH ")[0].split(", electroosmosis")[0]


_UNITS = {"current_ua": "µA, 250 for 0.25 mA", "time_s": "seconds, 300 for 5 minutes",
          "dose_uc": "µC, 75000 for 1.25 mA·min",
          "zone_s": "seconds, 30 for a beep every half minute"}  # fmt: skip


def _whole(row: dict[str, Any], key: str) -> int:
    if key not in row:
        raise ValueError(f"{key} is missing: a whole number of {_UNITS[key]}")
    value = row[key]
    if type(value) is not int:
        raise ValueError(f"{key} must be a whole number of {_UNITS[key]}; it is {value!r:.40}")
    return value


def _number(value: Any, what: str, low: float, high: float) -> float:
    if type(value) not in (int, float) or not math.isfinite(value) or not low <= value <= high:
        raise ValueError(f"{what} must be a number from {low:g} to {high:g}; it is {value!r:.40}")
    return float(value)


def _pkas(row: dict[str, Any], key: str) -> tuple[float, ...]:
    values = row.get(key, [])
    if not isinstance(values, list) or len(values) > 8:
        raise ValueError(f"{key} must be a list of at most 8 numbers")
    return tuple(_number(one, key, chemistry.PKA_MIN, chemistry.PKA_MAX) for one in values)


def _charge(row: dict[str, Any]) -> tuple[float, str, bool]:
    """(e, words, weak). A list of charges is a mixture: all must have the same sign."""
    acids, bases = _pkas(row, "acid_pka"), _pkas(row, "base_pka")
    if "ion_charge" in row:
        if acids or bases:
            raise ValueError("give ion_charge, or pKa values and pH, not both")
        given = row["ion_charge"] if isinstance(row["ion_charge"], list) else [row["ion_charge"]]
        charges = [_number(one, "ion_charge", -10, 10) for one in given]
        if not charges:
            raise ValueError("ion charge unknown: refused, no safe polarity follows from it")
        if min(charges) < 0 < max(charges):
            raise ValueError("a mixture of opposite charges: refused, one of them would be pulled "
                             "out of the skin")  # fmt: skip
        charged = [one for one in charges if one] or [0.0]
        fixed = sum(charged) / len(charged)
        if fixed and "ph" in row:
            raise ValueError("ion_charge is a charge that no pH changes: leave ph out, or give "
                             "acid_pka or base_pka with it")  # fmt: skip
        why = chemistry.explain(row["name"], chemistry.Molecule(fixed=fixed), 7.0)
        if len(charged) < len(charges):
            why += "; what is neutral in it stays where it is"
        return fixed, why, 0 < abs(fixed) < chemistry.WEAK
    if not acids and not bases:
        raise ValueError("ion charge unknown: refused, no safe polarity follows from it; give "
                         "acid_pka or base_pka with ph, or ion_charge")  # fmt: skip
    if "ph" not in row:
        raise ValueError("ph is missing: measure it, without it the charge is unknown")
    ph = _number(row["ph"], "ph", chemistry.PH_MIN, chemistry.PH_MAX)
    molecule = chemistry.Molecule(acids, bases)
    why = chemistry.explain(_substance(row["name"]), molecule, ph, row.get("instead", ""))
    if chemistry.uncertain_sign(molecule, ph):
        return chemistry.UNCERTAIN, why, False
    net = chemistry.charge(molecule, ph)
    return net, why, chemistry.NEUTRAL <= abs(net) < chemistry.WEAK
