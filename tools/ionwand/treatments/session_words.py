"""One session in words and figures: what the report's template asks for, here and in the page.

Figures are the wand's own; nothing is claimed about their effect. Runs in the page's MicroPython
too: virtual/carried.py.
"""

from typing import Any

from ionwand.device.fault_words import FAULTS
from ionwand.treatments import curves

UC_PER_MAMIN = 60_000
PATCH_TEST = 1  # of a session's flags: firmware/journal.py
ENDED = {
    "complete": "What was set was delivered in full.",
    "stopped": "Stopped by a press of the button, before its end.",
    "rest": "The skin had had enough for an hour: a rest of 30 minutes was asked for.",
    "timeout": "A hard limit of time or charge was reached.",
    "no contact": "The roller was off the skin for 60 s.",
    "battery low": "The battery ran low.",
    "vbus": "A charger was connected.",
    "product": "Its ions give no polarity.",
    "too conductive": "The skin conducted too well: its barrier may be broken. Nothing was given.",
    "touched": "Roller and grip were connected while the wand tested itself. Nothing was given.",
}


LIMITED = "The time that was set is over; resistance kept the current below what was set."
SERVICE = "It wants service before it is used again."
UNKNOWN = "unknown to this program"


def saying(words: dict[str, str]) -> Any:
    """The function that says a text by such a table; what is not in it stays, with a decimal
    comma. Without a table everything stays."""
    return (lambda text: words.get(text) or _comma(text)) if words else str


def _comma(text: str) -> str:
    """MicroPython's re looks neither ahead nor behind."""
    parts = text.split(".")
    out = parts[0]
    for part in parts[1:]:
        out += ("," if out[-1:].isdigit() and part[:1].isdigit() else ".") + part
    return out


def faults(bits: int) -> str:
    """Names of latched faults."""
    from firmware.faults import NAMES

    return ", ".join([name for bit, name in enumerate(NAMES) if bits >> bit & 1])


def why(session: dict[str, Any]) -> str:
    if session["end"] != "fault":
        return str(session["end"]).replace("_", " ")
    return f"fault: {faults(session['first_fault'] or session['faults']) or 'unknown'}"


def _minutes(ms: int) -> str:
    return f"{ms // 60_000}:{ms // 1000 % 60:02d} min"


def _kohm(ohm: int) -> str:
    return f"{ohm / 1000:.1f} kΩ" if ohm else "–"


def words(ended: str, by_time_limited: bool = False, t: Any = str) -> str:
    """Why it ended, for somebody who was not there. `by_time_limited`: time was what was set, and
    resistance kept the current below what was set meanwhile."""
    if ended == "complete" and by_time_limited:
        return str(t(LIMITED))
    if not ended.startswith("fault: "):
        return str(t(ENDED.get(ended, "")))
    name = ended[len("fault: ") :].split(", ")[0]
    meaning, helps = FAULTS.get(name, (UNKNOWN, ""))
    after = f"{t('Then')}: {t(helps)}." if helps else t(SERVICE)
    return f"{t('The wand cut the current')}: {t(meaning)}. {after}"


def facts(session: dict[str, Any], t: Any = str) -> list[tuple[str, str]]:
    charge = session["ion_charge"]
    signed = f"{charge / 100:+.2f} e".replace("-", "−")
    ions = t("none: neutral")
    if charge:
        ions = f"{t('anion' if charge < 0 else 'cation')}, {t(signed)}"
    told = [
        ("Ions of the product", t("unknown") if charge == -32768 else ions),
        ("Roller", t({1: "− (cathode)", 2: "+ (anode)"}.get(session["bridge"], "open"))),
        ("Device polarity", t({1: "positive", 2: "negative"}.get(session["bridge"], "none"))),
        ("Current, set", f"{session['setpoint_ua']} µA"),
        ("Current, delivered mean", f"{session['mean_ua']} µA"),
        ("Current, highest", f"{session['peak_ua']} µA"),
        ("Time with current", _minutes(session["output_ms"])),
        ("Time since arming", _minutes(session["session_ms"])),
        ("Lifts", str(session["lifts"])),
        ("Impedance at the first touch", _kohm(session["z_first_ohm"])),
        ("Impedance, lowest", _kohm(session["z_min_ohm"])),
        ("Impedance, highest", _kohm(session["z_max_ohm"])),
        ("Impedance at the end", _kohm(session["z_last_ohm"])),
        ("Battery, start and end",
         f"{session['battery_start_mv'] / 1000:.2f} V, {session['battery_end_mv'] / 1000:.2f} V"),
    ]  # fmt: skip
    return [(t(name), t(value)) for name, value in told]


def _ended(ended: str, t: Any) -> str:
    """A fault keeps its name, which is what the bench and the journal know it by."""
    if ended.startswith("fault: "):
        return f"{t('fault')}: {ended[len('fault: ') :]}"
    return str(t(ended))


def fields(
    session: dict[str, Any],
    product: Any,
    board: str = "",
    reference: str = "",
    made: str = "",
    t: Any = str,
) -> dict[str, Any]:
    """What report.html.j2 prints. `product`: the wand's entry, None where it has changed since;
    `t` says a text in another language: texts.py."""
    flags = session["flags"]
    ended = why(session)
    version = session["firmware"]
    marks = ((2, "after a peel"), (4, "electroosmosis"), (8, "resistance limited the current"))
    return {
        "number": session["number"],
        "kind": t("Patch test" if flags & PATCH_TEST else "Treatment"),
        "patch_test": bool(flags & PATCH_TEST),
        "product": product.name if product else session["product"],
        "product_id": session["product"],
        "notes": product.notes if product else "",
        "board": board,
        "reference": reference,
        "made": made,
        "ended": _ended(ended.replace("_", " "), t),
        "ended_words": words(ended, bool(flags & 8) and not session["target_uc"], t),
        "good": ended == "complete",
        "dose": t(f"{session['dose_uc'] / UC_PER_MAMIN:.2f}"),
        "target": t(f"{session['target_uc'] / UC_PER_MAMIN:.2f}") if session["target_uc"] else "",
        "mean": session["mean_ua"],
        "minutes": _minutes(session["output_ms"]),
        "lifts": session["lifts"],
        "marks": [t(text) for bit, text in marks if flags & bit],
        "facts": facts(session, t),
        "curves": curves.draw(session, t) if session["series"] else "",
        "versions": f"{t('firmware')} {version >> 16}.{version >> 8 & 255}.{version & 255}, "
        f"{t('catalogue no.')} {session['catalogue']}, "
        f"{t('calibration no.')} {session['calibration']}",
    }
