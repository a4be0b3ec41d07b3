"""May a session begin? Every reason against it, in one place; and who may say otherwise."""

from firmware import rest as r
from firmware import treatment as t
from firmware.limits import BATTERY_START_MV, CHARGER_MV


def charger(board, battery_mv):
    """True while a charger or a PC supplies the wand: by its pin, or by what feeds it [S-14]."""
    return board.vbus() or battery_mv > CHARGER_MV


def refusal(board, battery_mv, product, rest):
    """Why arming is refused, 0 for no reason [S-14, S-16, S-07, F-01]."""
    if charger(board, battery_mv):
        return t.VBUS
    if not battery_mv >= BATTERY_START_MV:
        return t.BATTERY_LOW
    if not product.electrodes()[3]:
        return t.PRODUCT
    return t.REST if rest.due(r.planned_uc(product)) else 0


def another_person(board, treatment, rest):
    """The button was held where a rest is asked for: True where that may say who follows.

    Only with a technician's setting; it begins a new count, and raises no cap of a session.
    """
    if treatment.end != t.REST or not r.many_people(board):
        return False
    rest.another_person()
    return True
