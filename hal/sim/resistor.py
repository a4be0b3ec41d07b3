"""A plain resistor on the bench, in the place of skin."""

from hal.sim.layer import Patch


class Resistor:
    """The same to the plant as a Skin."""

    live = False
    v_sc = v_hand = v_dl = 0.0

    def __init__(self, name, ohms):
        self.name = name
        self.r_deep = ohms
        self.left_us = None

    def emf(self):
        return 0.0

    def set_area(self, area_cm2):
        """It has none."""

    def set_grip(self, area_cm2):
        """Nor a hand."""

    def hold(self, grip):
        """Nor is it held."""

    def patch(self, scale=1.0, potential_v=0.0):
        """Any place is as good."""
        return Patch(scale)

    def roll(self, patch, share, now_us):
        """The same everywhere."""

    def leave(self, patch, now_us):
        """And forgets nothing, as there is nothing."""

    def turn(self, turned):
        """It knows no sign."""

    def rest(self, seconds):
        self.left_us = None
