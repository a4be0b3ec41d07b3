"""What a catalogue changes: each product against the wand's and the built-in one of its name.

Only what a person would feel or miss: sign, level, time, charge to give, flags. Notes and names
say nothing to the skin.
"""

from typing import Any

_FLAGS = ("after_peel", "electroosmosis", "patch_test")


def _said(product: Any) -> dict[str, str]:
    sign = product.electrodes()[1]
    said = {
        "roller": "-" if sign < 0 else "+",
        "current": f"{product.setpoint_ua} µA",
        "time": f"{product.time_s} s",
        "dose": f"{product.dose_uc / 60_000:.2f} mA·min" if product.dose_uc else "by time",
    }
    said.update({flag: "yes" if getattr(product, flag) else "no" for flag in _FLAGS})
    return said


def _sign(product: Any) -> str:
    return "negative" if product.ion_charge < 0 else "positive" if product.ion_charge else "none"


def between(new: Any, old: Any) -> list[str]:
    """Differences of two products, the sign first: `current 250 µA -> 500 µA`."""
    if _sign(new) != _sign(old):
        found = [f"ION CHARGE {_sign(old)} -> {_sign(new)}"]
    else:
        found = []
    before, after = _said(old), _said(new)
    return found + [f"{key} {before[key]} -> {after[key]}" for key in after
                    if before[key] != after[key]]  # fmt: skip


def lines(new: list[Any], kept: list[Any], built_in: list[Any]) -> list[str]:
    """One line for each product that is new, gone, or other than one of its name; [] for none."""
    found = []
    on_wand = {one.id: one for one in kept}
    shipped = {one.id: one for one in built_in}
    for product in new:
        who = product.id
        if who not in on_wand and who not in shipped:
            told = _said(product)
            parts = [f"ions {_sign(product)}", f"roller {told['roller']}", told["current"],
                     told["time"], told["dose"]]  # fmt: skip
            parts += [flag for flag in _FLAGS if told[flag] == "yes"]
            found.append(f"{who}: new: " + ", ".join(parts))
            continue
        for where, those in (("on the wand", on_wand), ("built in", shipped)):
            if who in those and (differs := between(product, those[who])):
                found.append(f"{who}: other than {where}: " + "; ".join(differs))
    names = {one.id for one in new}
    found += [f"{one.id}: is on the wand, and will be gone" for one in kept
              if one.id not in names]  # fmt: skip
    return found
