"""Writes the panel's table into docs/operation.md, from the wand's own table of patterns.

    python -m ionwand.device.light          rewrites the part between the two marks
    python -m ionwand.device.light --check  says whether the page is current
"""

import sys
from typing import Any

from ionwand.device import source

PAGE = source.ROOT / "docs" / "operation.md"
BEGIN = "<!-- generated from firmware/patterns.py: python -m ionwand.device.light -->"
END = "<!-- end of the generated part -->"
_HALF_MS = 50  # every time of the table is a multiple of it
_CYCLE_MS = 4000
# What each fault means to whoever holds the wand, and what helps where holding the button can
# clear it. All others want a technician: firmware/faults.py says which.
FAULTS = {
    "over_current": ("more current than the wand may ever give", ""),
    "over_setpoint": ("more current than was set", ""),
    "sense_mismatch": ("its two current meters disagree", ""),
    "precise_mismatch": ("the precise meter disagrees with the fast one", ""),
    "load_short": ("roller and grip touch each other, or the output is stuck", ""),
    "gate_leak": ("current although it was switched off", ""),
    "comparator": ("the over-current comparator has cut", ""),
    "bad_request": ("the program asked for something forbidden", ""),
    "heartbeat": ("the program hung and was cut off", "hold, start again"),
    "guard_late": ("the supervision came too late", "hold, start again"),
    "time_cap": ("the hard limit of time", "hold; the skin has had enough for today"),
    "charge_cap": ("the hard limit of charge", "hold; the skin has had enough for today"),
    "i2c": ("a part inside did not answer", "hold; service if it comes again"),
    "bridge_sign": ("the roller would have the wrong sign", ""),
    "vbus": ("the charger was plugged in during a session", "unplug it, then hold"),
    "internal": ("an error in the program", "hold; service if it comes again"),
    "dac": ("self-test: the current cannot be set", ""),
    "adc_config": ("self-test: the precise meter is set up wrongly, or has 12 bits, not 16", ""),
    "zero_reading": ("self-test: a reading where there is no current", ""),
    "dummy_reading": ("self-test: the built-in resistor reads wrongly",
                      "take the roller off the skin, hold"),
    "gate_m2": ("self-test: switch M2 does not open", ""),
    "gate_k1": ("self-test: switch K1 does not open", ""),
    "dead_man": ("self-test: the dead-man does not cut in time", ""),
    "monostable": ("self-test: the second dead-man does not cut in time", ""),
    "rail": ("self-test: the 27 V supply is wrong", ""),
    "button_stuck": ("the button was down for 10 s", "free it, then hold"),
    "calibration": ("calibration missing or damaged", ""),
    "catalogue": ("the product catalogue is damaged", ""),
    "files": ("program or memory damaged", ""),
    "limiting_diode": ("self-test: the limiting diode is short", ""),
}  # fmt: skip
_SIGNS = {"00": "·", "10": "▌", "01": "▐", "11": "█"}


def rhythm(steps: Any) -> str:
    """Four seconds of light, a character for 100 ms; half a block is 50 ms."""
    bits = "".join("10"[index % 2] * (step // _HALF_MS) for index, step in enumerate(steps))
    halves = _CYCLE_MS // _HALF_MS
    bits = (bits * (halves // len(bits) + 1))[:halves]
    return "".join(_SIGNS[bits[at : at + 2]] for at in range(0, halves, 2))


def _spell(code: str) -> str:
    return " ".join("long" if char == "-" else "short" for char in code)


def table() -> str:
    """The panel: states, refusals and faults."""
    source.products()
    from firmware import patterns
    from firmware.patterns import code_steps

    lines = ["### States", "",
             "| light over 4 s | colour | sound | meaning |", "|---|---|---|---|"]  # fmt: skip
    for _key, meaning, colour, steps, tone, beep, cycles in patterns.ROWS:
        sound = "" if not tone else f"{tone} Hz, {beep} ms" + (
            ", repeated" if cycles == patterns.FOREVER else "")  # fmt: skip
        lines.append(f"| `{rhythm(steps)}` | #{colour:06X} | {sound} | {meaning} |")
    lines += ["", "### Refusals: yellow longs, white shorts", "",
              "| light over 4 s | spelled | meaning |", "|---|---|---|"]  # fmt: skip
    for _name, code, meaning in patterns.REFUSALS:
        lines.append(f"| `{rhythm(code_steps(code))}` | {_spell(code)} | {meaning} |")
    lines += ["", "### Faults: red longs, yellow shorts", "",
              "| light over 4 s | spelled | fault | what happened | what to do |",
              "|---|---|---|---|---|"]  # fmt: skip
    for name, code in patterns.FAULTS:
        meaning, helps = FAULTS[name]
        lines.append(f"| `{rhythm(code_steps(code))}` | {_spell(code)} | {name} | {meaning} | "
                     f"{helps or 'service'} |")  # fmt: skip
    return "\n".join(lines)


def current(page: str) -> str:
    """The page with the generated part as it must be."""
    head, rest = page.split(BEGIN)
    _old, tail = rest.split(END)
    return f"{head}{BEGIN}\n\n{table()}\n\n{END}{tail}"


def main() -> int:
    page = PAGE.read_text(encoding="utf-8")
    wanted = current(page)
    if "--check" in sys.argv:
        return int(page != wanted)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
