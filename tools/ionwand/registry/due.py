"""When a wand is due again: by its newest calibration whose date can be true.

A record of a clock that was wrong hides nothing: a wand with a later one than now is due now.
"""

from datetime import date
from typing import TYPE_CHECKING

from ionwand import clock

if TYPE_CHECKING:
    from ionwand.registry.models import Calibration, Wand


def newest(wand: "Wand") -> "Calibration | None":
    """The one that counts: the latest that can be, else the one that was kept last."""
    kept = wand.calibrations
    sound = [one for one in kept if clock.can_be(one.day) and not clock.ahead(one.at)]
    return sound[-1] if sound else max(kept, key=lambda one: one.id, default=None)


def doubtful(wand: "Wand") -> "Calibration | None":
    """One kept after the newest that counts, with a date that can't be or isn't yet."""
    last = newest(wand)
    for one in sorted(wand.calibrations, key=lambda one: one.id, reverse=True):
        if not clock.can_be(one.day) or clock.ahead(one.at):
            return one if last is None or one.id >= last.id else None
    return None


def on(wand: "Wand") -> date:
    """One that was never calibrated has been due for ever; a board that was taken out never is."""
    if wand.replaced_by:
        return date.max
    last = newest(wand)
    if last is None:
        return date.min
    return min(last.due_on, clock.today()) if doubtful(wand) else last.due_on


def words(wand: "Wand") -> str:
    if wand.replaced_by:
        return f"replaced by {wand.replaced_by}"
    last, wrong = newest(wand), doubtful(wand)
    if last is None:
        return "never calibrated"
    if wrong is not None:
        return f"now: the date {wrong.day} of its calibration can't be right"
    return f"{last.due_on}{', overdue' if last.due_on <= clock.today() else ''}"
