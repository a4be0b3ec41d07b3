"""Writes the panel's table into docs/operation.md, from the wand's own table of patterns.

    python -m ionwand.device.light          rewrites the part between the two marks
    python -m ionwand.device.light --check  says whether the page is current
"""

import sys
from typing import Any

from ionwand.device import source
from ionwand.device.fault_words import FAULTS

PAGE = source.ROOT / "docs" / "operation.md"
BEGIN = "<!-- generated from firmware/patterns.py: python -m ionwand.device.light -->"
END = "<!-- end of the generated part -->"
_HALF_MS = 50  # every time of the table is a multiple of it
_CYCLE_MS = 4000
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
