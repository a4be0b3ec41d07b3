"""The panel's table in docs/operation.md, from the wand's own table of patterns.

`t` says a text in another language: treatments/texts.py. tools/pages/operation.py writes pages.
"""

from collections.abc import Callable
from typing import Any

from ionwand.device import source
from ionwand.device.fault_words import FAULTS

PAGE = source.ROOT / "docs" / "operation.md"
BEGIN = "<!-- generated from firmware/patterns.py: python -m pages.operation -->"
END = "<!-- end of the generated part -->"
_HALF_MS = 50  # every time of the table is a multiple of it
_CYCLE_MS = 4000
Translate = Callable[[str], str]
_SIGNS = {"00": "·", "10": "▌", "01": "▐", "11": "█"}


def rhythm(steps: Any) -> str:
    """Four seconds of light, a character for 100 ms; half a block is 50 ms."""
    bits = "".join("10"[index % 2] * (step // _HALF_MS) for index, step in enumerate(steps))
    halves = _CYCLE_MS // _HALF_MS
    bits = (bits * (halves // len(bits) + 1))[:halves]
    return "".join(_SIGNS[bits[at : at + 2]] for at in range(0, halves, 2))


def _spell(code: str, t: Translate) -> str:
    return " ".join(t("long") if char == "-" else t("short") for char in code)


def _head(names: list[str], t: Translate) -> list[str]:
    return [f"| {' | '.join(t(name) for name in names)} |", "|" + "---|" * len(names)]


def table(t: Translate = str) -> str:
    """The panel: states, refusals and faults."""
    source.products()
    from firmware import patterns
    from firmware.patterns import code_steps

    lines = [f"### {t('States')}", "", *_head(["light over 4 s", "colour", "sound", "meaning"], t)]
    for _key, meaning, colour, steps, tone, beep, cycles in patterns.ROWS:
        sound = "" if not tone else f"{tone} Hz, {beep} ms" + (
            f", {t('repeated')}" if cycles == patterns.FOREVER else "")  # fmt: skip
        lines.append(f"| `{rhythm(steps)}` | #{colour:06X} | {sound} | {t(meaning)} |")
    lines += ["", f"### {t('Refusals: yellow longs, white shorts')}", "",
              *_head(["light over 4 s", "spelled", "meaning"], t)]  # fmt: skip
    for _name, code, meaning in patterns.REFUSALS:
        lines.append(f"| `{rhythm(code_steps(code))}` | {_spell(code, t)} | {t(meaning)} |")
    names = ["light over 4 s", "spelled", "fault", "what happened", "what to do"]
    lines += ["", f"### {t('Faults: red longs, yellow shorts')}", "", *_head(names, t)]
    for name, code in patterns.FAULTS:
        meaning, helps = FAULTS[name]
        seen = f"| `{rhythm(code_steps(code))}` | {_spell(code, t)} | {name}"
        lines.append(f"{seen} | {t(meaning)} | {t(helps or 'service')} |")
    return "\n".join(lines)


def current(page: str, t: Translate = str) -> str:
    """The page with the generated part as it must be."""
    head, rest = page.split(BEGIN)
    _old, tail = rest.split(END)
    return f"{head}{BEGIN}\n\n{table(t)}\n\n{END}{tail}"
