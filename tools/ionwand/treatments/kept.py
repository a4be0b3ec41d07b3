"""A catalogue as a wand keeps it: read, and as TOML again; what to know before sending one.

Runs in the page's MicroPython too: virtual/carried.py.
"""

from typing import Any

from ionwand.errors import BadInput
from ionwand.treatments import catalogue

PRECAUTIONS = (
    "Test a small patch of skin before treating a larger area; the wand offers it.",
    "Not on broken or irritated skin, and not around the eyes.",
    "Not for people with a pacemaker or metal implants.",
    "Not in pregnancy.",
    "Not with an illness or treatment of skin, heart or nerves unless a doctor agreed.",
    "After microdermabrasion or a peel only products marked after_peel.",
    "Conductive gel or saline on roller and grip, never tap water alone.",
    "No drugs, no oils: only what is in the catalogue.",
)


def unpacked(payload: bytes) -> Any:
    """The products of a wand's catalogue; BadInput where it is none."""
    try:
        return catalogue.wand().unpack(payload)
    except ValueError as error:
        raise BadInput(f"the wand's catalogue: {error}")


def file(sequence: int, entries: Any) -> str:
    """The whole catalogue as TOML."""
    text = (f"# Catalogue no. {sequence} of a wand: charges as it keeps them. pKa and pH values "
            "and comments\n# stay in the file that was pushed.\n")  # fmt: skip
    return text + "".join([toml(one) for one in entries])


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def toml(product: Any) -> str:
    """One entry. Its texts are single lines; what TOML would read otherwise is escaped."""
    lines = ["", "[[product]]", f'id = "{product.id}"', f"name = {_quoted(product.name)}",
             f"ion_charge = {product.ion_charge / 100}", f"current_ua = {product.setpoint_ua}",
             f"time_s = {product.time_s}", f"dose_uc = {product.dose_uc}"]  # fmt: skip
    lines += [f"{flag} = true" for flag in ("after_peel", "electroosmosis", "patch_test")
              if getattr(product, flag)]  # fmt: skip
    if product.zone_s:
        lines.append(f"zone_s = {product.zone_s}")
    if product.notes:
        lines.append(f"notes = {_quoted(product.notes)}")
    return "\n".join(lines) + "\n"
