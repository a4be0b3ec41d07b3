"""Every limit, written down a second time from the requirements: a changed digit is noticed."""

import pytest

from firmware import limits

# From the requirements, by hand; not to be generated from limits.py.
WRITTEN = {
    "SETPOINT_MAX_UA": 500, "SETPOINT_MAX_NA": 500_000, "OVER_CURRENT_UA": 550,
    "OVER_SETPOINT_UA": 15, "OVER_SETPOINT_PERCENT": 10, "OVER_SETPOINT_US": 1400,
    "MISMATCH_UA": 20, "MISMATCH_PERCENT": 10, "MISMATCH_US": 2400, "MISMATCH_FRAMES": 5,
    "GATE_LEAK_UA": 15, "GATE_LEAK_US": 5000, "QUIET_UA": 5, "QUIET_US": 5000,
    "RAMP_NA_PER_MS": 68, "RAMP_DOWN_NA_PER_MS": 600, "RAMP_TICK_MAX_MS": 10,
    "LEADS_OHM": 2000, "SHORT_LOAD_OHM": 1700, "SHORT_LOAD_MIN_UA": 50, "SHORT_LOAD_FRAMES": 5,
    "OPEN_UA": 6, "OPEN_E2_MV": 600, "OPEN_SLEW_MV_PER_MS": 5000, "SETTLE_US": 2000,
    "SKIN_MIN_OHM": 1000, "CONTACT_MAX_OHM": 300_000, "CONTACT_STABLE_MS": 300,
    "PROBE_NA": 20_000, "AFTER_PEEL_MAX_UA": 125,
    "OUTPUT_MAX_MS": 15 * 60_000, "SESSION_MAX_MS": 20 * 60_000, "CHARGE_MAX_UC": 5 * 60_000,
    "BOUNCE_MS": 30, "BOUNCE_NA_PER_MS": 1500, "BOUNCE_MOST_NA_PER_MS": 1530,
    "HOP_MS": 2000, "HOP_NA_PER_MS": 600, "HOP_MOST_NA_PER_MS": 612, "RAMP_MOST_NA_PER_MS": 70,
    "FOUND_MS": 60, "RISE_MARGIN_UA": 17, "FLOWS_UA": 15,
    "SAME_SKIN_FACTOR": 3, "SAME_SKIN_MV": 3000, "SAME_SKIN_NA": 30_000, "BAD_BOUNCES": 6,
    "BLEED_OHM": 47_000, "BLEED_NA": 2000, "SEARCH_NA": 1200,
    "SEARCH_FRAMES": 50, "MEAN_FRAMES": 17, "SEARCH_SHIFT": 5,
    "SEARCH_QUICK_FRAMES": 3, "SEARCH_QUICK_SHIFT": 1,
    "NO_CONTACT_MS": 60_000, "HEARTBEAT_MAX_US": 100_000, "PASS_MAX_US": 3000,
    "OPEN_SLEW_US": 500, "OPEN_SLEW_FROM_UA": 5,
    "OPEN_SLEW_SMALL_MV_PER_MS": 1000, "OPEN_SLEW_BELOW_UA": 50, "OPEN_SLEW_SMALL_US": 1500,
    "DEAD_MAN_US": 3000, "WATCHDOG_MS": 1000, "PASSES_MISSING_MS": 50,
    "SLEEP_AFTER_MS": 3 * 60_000, "REST_MS": 30 * 60_000, "GUARD_US": 500, "TICK_MS": 5,
    "LOST_NA": 20_000, "LOST_SHIFT": 2, "LOST_E2_MV": 1500, "LOST_MS": 10, "CHARGER_MV": 4400,
    "BATTERY_START_MV": 3500, "BATTERY_END_MV": 3300, "RAIL_MIN_MV": 25_600,
    "RAIL_MAX_MV": 28_400, "LEVELS_UA": (125, 250, 350), "SETPOINT_MIN_UA": 50,
    "CATALOGUE_MAX": 16,
}  # fmt: skip


@pytest.mark.req("S-01", "S-02", "S-03", "S-07", "S-08", "S-10", "S-11", "S-16", "R-03")
def test_every_limit_is_what_was_decided():
    shipped = {name: getattr(limits, name) for name in dir(limits) if name.isupper()}
    assert shipped == WRITTEN
