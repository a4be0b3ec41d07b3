"""How far a treatment is, as beeps: one to three at the quarters of what was set, one low and
long every `zone_s` seconds of current, to move on to the next patch of skin.
"""

QUARTER_HZ = 2600
QUARTER_MS = 60
ZONE_HZ = 700
ZONE_MS = 300


class Progress:
    """`step` once a tick while a product is being given; a new session begins at nothing given."""

    def __init__(self):
        self._quarters = 0
        self._zones = 0

    def step(self, product, dose_uc, flow_ms):
        """Beeps that are due: 0 for none, 1 to 3 for quarters, -1 for the next zone."""
        if product.dose_uc:
            quarters = 4 * dose_uc // product.dose_uc  # at most 4 * 285,000 by 500
        else:
            quarters = flow_ms // (250 * product.time_s)
        zones = flow_ms // (1000 * product.zone_s) if product.zone_s else 0
        another = quarters > self._quarters
        zone = zones > self._zones
        self._quarters = quarters
        self._zones = zones
        if another and quarters < 4:  # the end has a sound of its own
            return quarters
        return -1 if zone and quarters < 4 else 0
