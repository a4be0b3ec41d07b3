"""What a wand says of itself, as rows for a person: for `ionwand status` and for the page.

Runs in the page's MicroPython too: virtual/carried.py.
"""

from typing import Any


def rows(found: dict[str, Any]) -> list[tuple[str, str]]:
    """(name, value) of what console.status() printed, with versions and memory."""
    from firmware.calibration import NAMES

    sessions = found["sessions"]
    valid = "valid" if found["calibrated"] else "none: no output before `calibrate`"
    coefficients = [(f"  {name}", str(one)) for name, one in zip(NAMES, found["calibration"])]
    return [
        ("board", found["board"]),
        ("firmware", f"{found['firmware']}, MicroPython {found['micropython']}"),
        ("files", found["files"] or "as built"),
        ("it was", found["state"]),
        ("output", "on" if found["output"] else "off"),
        ("faults", faults(found)),
        ("battery", f"{found['battery_mv'] / 1000:.2f} V"),
        ("charger or PC", "connected" if found["vbus"] else "no"),
        ("calibration", valid),
    ] + coefficients + [
        ("products", str(found["products"])),
        ("sessions kept", str(max(0, sessions[1] - sessions[0] + 1))),
        ("free heap", f"{found['free_heap'] / 1024:.0f} KB"),
    ]  # fmt: skip


def faults(found: dict[str, Any]) -> str:
    if not found["faults"]:
        return "none"
    return f"{', '.join(found['faults'])}; first: {found['first_fault']}"
