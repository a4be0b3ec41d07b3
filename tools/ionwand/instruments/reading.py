"""One line of a meter becomes a current, or one line that says what came and what is wanted.

Read is what is unmistakable: NULs and blanks around it, a unit behind a number without an exponent
(0.25 mA), A behind any. Refused is what could be two things: several numbers, a unit and an
exponent that contradict each other, a letter of no code.
"""

import math
import re

from ionwand.errors import BadInput

MOST_UA = 1000.0  # nothing in the wand gives more
_BLOCK = re.compile(r"^#([1-9])")  # IEEE 488.2: #, count of digits, length
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))([eE][+-]?\d+)?\s*(.*)", re.DOTALL)
# Latin-1 or UTF-8's micro sign, both Greek letters, and u as people type it.
_UNITS = {"": 1.0, "a": 1.0, "adc": 1.0, "a dc": 1.0, "ma": 1e-3, "madc": 1e-3, "ua": 1e-6,
          "uadc": 1e-6, "µa": 1e-6, "μa": 1e-6, "na": 1e-9}  # fmt: skip
_OVER_A = 1e6  # 9.9E+37 of SCPI, 1e9 of Owon's
WANTED = "a number of amperes like -1.0E-04"


def clean(text: str) -> str:
    """Without NULs, other control characters and blanks at its ends."""
    return "".join(one if one.isprintable() else " " for one in text).strip()


def decoded(data: bytes) -> str:
    """A meter's bytes: UTF-8 where they are, else each byte a letter."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def amperes(text: str) -> float:
    """ValueError with what is wrong and what to set in the meter."""
    plain = clean(text)
    block = _BLOCK.match(plain)
    if block:
        plain = plain[2 + int(block[1]) :].strip()
    if not plain:
        raise ValueError(f"nothing came; wanted is {WANTED}")
    found = _NUMBER.fullmatch(plain.replace("−", "-"))
    if found is None:
        raise ValueError(f"read {shown(text)}; wanted is {WANTED}")
    number, exponent, rest = found[1], found[2] or "", found[3].strip()
    if rest.startswith((",", ";")):
        raise ValueError(
            f"read {shown(text)}: more than one value; wanted is the reading alone (as with "
            "FORM:ELEM READ), and a point before decimals"
        )
    unit = rest.lower()
    if unit not in _UNITS or exponent and _UNITS[unit] != 1.0:
        raise ValueError(
            f"read {shown(text)}; wanted is {WANTED}: switch its units and other elements off"
        )
    value = float(number + exponent) * _UNITS[unit]
    if not abs(value) < _OVER_A:
        raise ValueError(f"read {shown(text)}: overload; give it a higher range")
    return value


def typed_na(text: str) -> float:
    """What a person types: µA, or with its unit; a decimal comma is one. ValueError otherwise."""
    plain = text.strip().replace("−", "-").replace(",", ".")
    found = _NUMBER.fullmatch(plain)
    if found is None or plain.count(".") > 1:
        raise ValueError(f"{text!r} is no number; like 249.8 or -249.8")
    unit = found[3].strip().lower()
    if unit not in _UNITS:
        raise ValueError(f"{text!r}: µA, mA or A; like 249.8 or 0.2498 mA")
    return float(found[1] + (found[2] or "")) * (_UNITS[unit] if unit else 1e-6) * 1e9


def plausible_na(na: float) -> float:
    """The same; BadInput for what no wand gives."""
    if not (math.isfinite(na) and abs(na) <= MOST_UA * 1e3):
        raise BadInput(f"{na / 1e3:g} µA: a wand gives up to ±{MOST_UA:g} µA; check the range")
    return na


def shown(text: str) -> str:
    """As it came, on one line, shortened."""
    plain = repr(text)
    return plain if len(plain) <= 60 else plain[:57] + "...'"
