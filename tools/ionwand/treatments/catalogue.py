"""A TOML catalogue becomes products that the wand accepts, each with its reason in plain words.

Every field is checked here, so that a typing error names its entry; the wand checks the result
again with its own code, which runs here too (firmware/products.py) [R-07]. The page has this file
as it is, on MicroPython: virtual/carried.py.
"""

import math
from pathlib import Path
from typing import Any

from ionwand.device import source
from ionwand.errors import BadInput
from ionwand.treatments import chemistry

DEFAULT = Path(__file__).with_name("catalogue.toml")
_SIZE_MAX = 65536
_KEYS = {
    "id", "name", "acid_pka", "base_pka", "ph", "ion_charge", "current_ua", "time_s", "dose_uc",
    "after_peel", "electroosmosis", "patch_test", "instead", "notes",
}  # fmt: skip
# Out of scope whatever their charge: medicines, and what water does not dissolve [D]. A name is
# all there is to go by: lists of what is sold, not a proof. Drugs are looked for within words.
DRUGS = (
    "lidocain", "prilocain", "benzocain", "tetracain", "procain", "articain", "emla",
    "dexamethason", "cortison", "prednisolon", "betamethason", "triamcinolon", "clobetasol",
    "diclofenac", "ketoprofen", "ibuprofen", "tretinoin", "retinoic", "adapalen", "tazaroten",
    "minoxidil", "finasterid", "hydroquinon", "fentanyl", "clindamycin", "erythromycin",
    "acyclovir", "aciclovir", "ketoconazol", "botulinum", "botox", "insulin", "epinephrin",
    "adrenalin", "estradiol", "testosteron", "pilocarpin", "glycopyrr", "methotrexat",
)  # fmt: skip
OILS = (
    "oil", "retinol", "retinyl", "retinal", "silicone", "dimethicone", "tocopherol", "tocopheryl",
    "squalane", "squalene", "petrolatum", "vaseline", "paraffin", "lanolin", "wax", "butter",
    "ascorbyl palmitate", "tetraisopalmitate", "tetrahexyldecyl ascorbate", "vitamin a",
    "vitamin e", "vitamin d", "vitamin k", "jojoba", "argan", "shea", "ceramide", "ceramides",
    "ubiquinone", "coenzyme q10", "q10", "bakuchiol", "cholesterol",
)  # fmt: skip


class Entry:
    """One product for the wand, and why it is pushed the way it is."""

    def __init__(self, product: Any, words: str, weak: bool = False) -> None:
        self.product, self.words, self.weak = product, words, weak


def load(path: Path) -> list[Entry]:
    """All entries of a catalogue; BadInput with one line where one of them is refused."""
    import tomllib

    try:
        if path.stat().st_size > _SIZE_MAX:
            raise BadInput(f"{path}: longer than {_SIZE_MAX} bytes, that is no catalogue")
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadInput(f"{path}: {error}".splitlines()[0])
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
    charge, words, weak = _charge(row)
    if flags & products.ELECTROOSMOSIS and abs(charge) < products.polarity.CHARGE_MIN:
        charge = 0
        words += "; it goes with the water, from the roller as anode"
    current, time = _whole(row, "current_ua"), _whole(row, "time_s")
    dose = _whole(row, "dose_uc") if "dose_uc" in row else current * time
    notes = row.get("notes", "")
    if not isinstance(notes, str) or not all(map(_printable, notes)):
        raise ValueError("notes must be one line of plain text")
    product = products.Product(row["id"], row["name"], charge, current, dose, time, flags, notes)
    fault = products.check(product)
    if fault:
        raise ValueError(f"{fault} ({words})" if "refused" in fault else _with_value(fault, row))
    return Entry(product, words, weak)


def _printable(char: str) -> bool:
    """No control character, no other end of a line. MicroPython has no str.isprintable."""
    return " " <= char < "\x7f" or char >= "\xa0" and char not in "\u2028\u2029\ufeff"


def _with_value(fault: str, row: dict[str, Any]) -> str:
    """The wand's line says what is allowed; here is what came, and by which key."""
    for word, key in (("setpoint must", "current_ua"), ("time must", "time_s"),
                      ("dose must", "dose_uc")):  # fmt: skip
        if f": {word}" in fault:
            why = ", as the product is marked after_peel" if (
                key == "current_ua" and row.get("after_peel")) else ""  # fmt: skip
            return f"{fault}{why}; {key} is {row[key]}"
    return fault


def _in_scope(*texts: str) -> None:
    text = " ".join(texts).lower().replace("-", " ")
    whole = text.replace(" ", "")  # a hyphen or a space in a name is no other drug
    for drug in DRUGS:
        if drug in text or len(drug) > 5 and drug in whole:
            raise ValueError(f"{drug} is a drug: out of scope of this wand, refused")
    for oil in OILS:
        if f" {oil} " in f" {text} ":
            raise ValueError(f"{oil} is not water-soluble: it carries no ions, refused")
    if " tap water " in f" {text} ":
        raise ValueError("tap water is no product, and has caused burns: refused, use saline gel")


def _substance(name: str) -> str:
    return name.split(" at pH ")[0].split(", electroosmosis")[0]


_UNITS = {"current_ua": "µA, 250 for 0.25 mA", "time_s": "seconds, 300 for 5 minutes",
          "dose_uc": "µC, 75000 for 1.25 mA·min"}  # fmt: skip


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


def _charge(row: dict[str, Any]) -> tuple[int, str, bool]:
    """(0.01 e, words, weak). A list of charges is a mixture: all must have the same sign."""
    polarity = wand().polarity
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
        words = chemistry.explain(row["name"], chemistry.Molecule(fixed=fixed), 7.0)
        if len(charged) < len(charges):
            words += "; what is neutral in it stays where it is"
        return round(100 * fixed), words, 0 < abs(fixed) < chemistry.WEAK
    if not acids and not bases:
        raise ValueError("ion charge unknown: refused, no safe polarity follows from it; give "
                         "acid_pka or base_pka with ph, or ion_charge")  # fmt: skip
    if "ph" not in row:
        raise ValueError("ph is missing: measure it, without it the charge is unknown")
    ph = _number(row["ph"], "ph", chemistry.PH_MIN, chemistry.PH_MAX)
    molecule = chemistry.Molecule(acids, bases)
    words = chemistry.explain(_substance(row["name"]), molecule, ph, row.get("instead", ""))
    if chemistry.uncertain_sign(molecule, ph):
        return polarity.AMPHOTERIC, words, False
    net = chemistry.charge(molecule, ph)
    return round(100 * net), words, chemistry.NEUTRAL <= abs(net) < chemistry.WEAK
