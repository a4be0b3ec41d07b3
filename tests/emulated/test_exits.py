"""Every way out of a treatment, on the emulated chip: in time, to stay, and under its name.

All begin in the same state, 100 µA into 10 kΩ, in copies of one emulator.
"""

import pytest

DEAD_MAN_US = 3300  # [S-10]
HEARTBEAT_US = 100_000
RISE_US = 130  # 603 µA are 550 at the converter, behind the setpoint's filter
PASS_US = 60  # [P-02]


@pytest.fixture(scope="module")
def way(uf2, shared):
    from ionwand.emulation import exits

    results = shared("exits", lambda: exits.run(uf2))

    def get(name):
        assert "error" not in results[name], results[name]["error"]
        return results[name]

    return get


@pytest.mark.req("S-02")
def test_over_current(way):
    """603 µA, which only the guard sees."""
    out = way("over_current")
    assert out["off_us"] <= RISE_US + PASS_US and out["stays_off"] and out["dac_code"] == 0
    assert out["fault"] in ("over_current", "over_setpoint")


@pytest.mark.req("S-02")
def test_comparator(way):
    out = way("comparator")
    assert out["off_us"] <= 200 and out["stays_off"] and out["dac_code"] == 0
    assert out["fault"]


@pytest.mark.req("S-04")
def test_lift(way):
    """A pause, no fault: as after a bounce, until 30 ms have shown that it is none."""
    out = way("lift")
    assert out["off_us"] <= 400 and out["dac_code"] == 0
    assert out["state"] in ("bounced", "lifted") and out["fault"] == ""


@pytest.mark.req("S-07")
def test_timeout_ramps_down(way):
    out = way("timeout")
    assert out["stays_off"] and out["dac_code"] == 0
    assert (out["state"], out["fault"]) == ("done", "")


@pytest.mark.req("S-07")
def test_the_guards_own_cap(way):
    out = way("time_cap")
    assert out["off_us"] <= 2500 and out["stays_off"] and out["fault"] == "time_cap"


@pytest.mark.req("S-18")
def test_a_press_stops(way):
    out = way("stop_button")
    assert out["off_us"] <= 1_100_000 and out["stays_off"] and out["state"] == "done"


@pytest.mark.req("S-10", "S-12", "P-05")
def test_hung_main_loop(way):
    out = way("main_loop_hangs")
    assert out["off_us"] <= HEARTBEAT_US + DEAD_MAN_US + 5000 and out["stays_off"]
    assert out["after_feed_us"] <= DEAD_MAN_US


@pytest.mark.req("S-10", "S-12")
@pytest.mark.parametrize("name", ("interrupts_disabled", "processor_stops"))
def test_nothing_runs(way, name):
    """With interrupts off it is the heartbeat that ends the output: the guard needs none."""
    out = way(name)
    assert out["after_feed_us"] <= DEAD_MAN_US and out["stays_off"]
    most_us = HEARTBEAT_US + 5000 if name == "interrupts_disabled" else 0
    assert out["off_us"] <= most_us + DEAD_MAN_US


@pytest.mark.req("S-12")
def test_ctrl_c(way):
    """Off, the DAC at zero, and no watchdog bites the person at the console."""
    out = way("ctrl_c")
    assert out["off_us"] <= 10_000 and out["stays_off"] and out["dac_code"] == 0
    assert out["resets"] == 0


@pytest.mark.req("S-12")
def test_soft_reset(way):
    out = way("soft_reset")
    assert out["soft_reboot"] and out["stays_off"] and out["dac_code"] == 0
    assert out["after_feed_us"] <= DEAD_MAN_US


@pytest.mark.req("S-11", "S-12")
def test_watchdog(way):
    out = way("watchdog_reset")
    assert out["reset"] and out["stays_off"]
    assert out["reset_us"] <= 1_010_000
    assert out["users_words"]  # of machine.mem_backup
    assert out["after_feed_us"] <= DEAD_MAN_US


@pytest.mark.req("S-12")
def test_exception_in_the_tick(way):
    out = way("exception_in_tick")
    assert out["off_us"] <= 10_000 and out["stays_off"] and out["dac_code"] == 0
    assert (out["state"], out["fault"]) == ("fault", "internal")


@pytest.mark.req("S-10", "S-11", "S-12")
def test_hung_guard(way):
    """Both dead-men fall, and the main loop, which sees no pass, lets the watchdog bite."""
    out = way("guard_hangs")
    assert out["off_us"] <= DEAD_MAN_US and out["after_feed_us"] <= DEAD_MAN_US
    assert out["stays_off"] and out["reset"] and out["reset_us"] <= 1_070_000
