"""The app on a board of resistors: refusals, faults, searches and lifts, without waiting long."""

import itertools

import pytest
from test_ticks import SKIN_OHM, PlainWand

from firmware import display, faults, guard, limits, logbook, patterns, products, store


@pytest.mark.req("S-12")
@pytest.mark.parametrize("error", [ValueError, MemoryError])
def test_an_exception_in_a_tick_is_internal_and_off(error):
    wand = PlainWand().treat()

    def broken(*_):
        raise error("on purpose")

    wand.app.treatment.treating = broken
    wand.app.turn()
    assert wand.named == ["internal"] and not wand.board.gate()


@pytest.mark.req("S-11")
def test_the_watchdog_is_fed_only_while_the_guard_passes():
    wand = PlainWand().until("ready")
    wand.board.start_watchdog()
    wand.run(0.1)
    assert wand.board.fed_dogs == 20
    wand.board.guard = None
    wand.run(0.1)
    fed = wand.board.fed_dogs
    assert fed <= 20 + limits.PASSES_MISSING_MS // limits.TICK_MS + 1
    wand.run(0.1)
    assert wand.board.fed_dogs == fed


@pytest.mark.req("S-17", "S-20")
def test_what_was_wrong_at_power_on_is_a_fault_at_once():
    wand = PlainWand()
    for copy in (".a", ".b"):
        del wand.board.files[store.CALIBRATION + copy]
    wand.app = type(wand.app)(wand.board)
    wand.app.turn()
    assert wand.state == "fault" and wand.named == ["calibration"]


@pytest.mark.req("S-14")
def test_a_charger_while_armed_is_a_fault():
    wand = PlainWand().treat()
    wand.board.is_vbus = True
    wand.app.turn()
    assert wand.state == "fault" and wand.named == ["vbus"] and not wand.board.gate()


@pytest.mark.req("S-19")
def test_a_converter_that_failed_twice_is_a_fault():
    wand = PlainWand().treat()
    wand.board.bus_failed = True
    wand.app.turn()
    assert wand.state == "fault" and wand.named == ["i2c"] and not wand.board.gate()


@pytest.mark.req("S-02")
def test_a_trip_of_the_guard_is_a_fault_of_its_name():
    wand = PlainWand().treat()
    wand.board.leak_na = 600_000
    wand.until("fault")
    assert wand.named[0] == "over_current" and not wand.board.gate()


@pytest.mark.req("S-20", "S-14")
@pytest.mark.parametrize("gone", [False, True])
def test_a_recoverable_fault_is_acknowledged_when_its_cause_is_gone(gone):
    wand = PlainWand().treat()
    wand.board.is_vbus = True
    wand.until("fault")
    wand.board.is_vbus = not gone
    wand.board.load_ohm = None
    wand.run(0.5)
    wand.press(3.3)
    assert wand.state == ("selftest" if gone else "fault")
    if gone:
        wand.until("ready")
        assert wand.named == []


@pytest.mark.req("S-20")
def test_a_permanent_fault_is_not_acknowledged():
    wand = PlainWand(diode_mv=0).until("fault")
    assert wand.named == ["limiting_diode"] and wand.app.faults.permanent
    wand.press(3.3)
    assert wand.state == "fault"


@pytest.mark.req("S-20", "S-13")
def test_a_fault_that_cannot_be_kept_is_a_fault_of_the_files_too():
    wand = PlainWand(diode_mv=0)
    wand.until("proving", "fault")
    wand.board.writes_fail = True
    wand.run(0.5)
    assert wand.named == ["files", "limiting_diode"]
    assert wand.app.faults.first == faults.LIMITING_DIODE


@pytest.mark.req("S-17", "S-20")
def test_a_record_that_cannot_be_read_is_damage():
    wand = PlainWand()

    def unreadable(name):
        raise OSError(5)

    wand.board.read = unreadable
    assert store.load_calibration(wand.board)[1] == faults.CALIBRATION
    assert store.load_faults(wand.board) == (faults.FILES, faults.FILES)
    assert store.load_catalogue(wand.board)[1] == faults.CATALOGUE


@pytest.mark.req("S-14", "S-16")
@pytest.mark.parametrize("name, value, end", [("is_vbus", True, "vbus"),
                                              ("battery_mv", 3400, "battery_low")])  # fmt: skip
def test_arming_is_refused_with_a_reason(name, value, end):
    wand = PlainWand().until("ready")
    setattr(wand.board, name, value)
    wand.run(1)
    wand.press(1.7)
    assert (wand.state, wand.end) == ("refused", end)
    wand.board.is_vbus = False
    wand.press(0.2)
    assert wand.state == "selftest"


@pytest.mark.req("F-02", "F-10")
def test_short_presses_go_through_the_catalogue():
    wand = PlainWand().until("ready")
    seen = []
    for _ in products.DEFAULT:
        seen.append(wand.app.product.id)
        wand.press(0.2)
        wand.run(0.3)  # sooner, it would go back
    assert seen == [product.id for product in products.DEFAULT] and wand.app.index == 0


@pytest.mark.req("F-10")
def test_two_quick_presses_go_back_and_each_further_one_too():
    wand = PlainWand().until("ready")
    for presses, index in ((2, 15), (3, 13), (1, 14)):
        for _ in range(presses):
            wand.press(0.1)
        wand.run(0.3)
        assert wand.app.index == index


@pytest.mark.req("F-10", "S-18")
def test_held_after_a_press_it_runs_on_until_it_is_let_go():
    wand = PlainWand().until("ready")
    wand.press(0.1)
    wand.press(2.1)  # beeps at 0.8, 1.4 and 2.0 s
    assert (wand.state, wand.app.index) == ("ready", 4)
    indicator = wand.app.display.indicator
    assert indicator._announcing or indicator._number == 5
    wand.run(3)
    wand.press(1.0)  # alone it asks for the battery: nothing is left of the counting
    assert wand.app.index == 4


@pytest.mark.req("F-10")
def test_held_for_a_second_it_tells_the_battery():
    wand = PlainWand(battery_mv=3850).until("ready")
    wand.run(3)
    wand.press(1.0)
    lit = []
    for _ in range(1000):
        wand.app.turn()
        lit.append(wand.app.display.status[display.ST_RGB])
    flashes = [colour for colour, _ in itertools.groupby(lit)]
    assert flashes.count(patterns.BATTERY) == 3
    assert (wand.state, wand.app.index) == ("ready", 0)


@pytest.mark.req("F-10", "S-20")
def test_who_answers_a_fault_by_a_press_and_then_holds_has_held():
    wand = PlainWand().until("ready")
    wand.app.faults.latch(faults.GUARD_LATE)
    wand.until("fault")
    wand.run(0.5)
    wand.press(0.1)
    wand.press(3.2)
    wand.until("selftest", "ready")


@pytest.mark.req("F-04", "F-11")
def test_a_patch_test_is_offered_declined_done_and_remembered():
    wand = PlainWand()
    for copy in (".a", ".b"):
        del wand.board.files[logbook.PATCHED + copy]
    wand.app = type(wand.app)(wand.board)
    wand.until("ready")
    assert wand.app.product.patch_test
    wand.press(0.2)
    wand.run(0.3)
    assert not wand.app.product.patch_test and wand.app.index == 0, "declined"
    while wand.app.index or not wand.app.product.patch_test:
        wand.press(0.2)
        wand.run(0.3)
    wand.treat()
    wand.app.treatment.flow_ms = wand.app.product.time_s * 1000
    wand.app.treatment.dose.dose_uc = wand.app.product.dose_uc
    wand.until("done")
    wand.board.load_ohm = None
    wand.run(0.5)
    assert wand.end == "complete"
    assert not wand.app.product.patch_test and wand.app.index == 0
    assert len(logbook.load_patched(wand.board)) == 1


@pytest.mark.req("F-07", "S-04")
def test_a_lift_is_a_pause():
    wand = PlainWand().treat()
    wand.board.load_ohm = None
    wand.until("bounced")
    assert wand.app.treatment.lifts == 0 and not wand.board.gate()
    wand.until("lifted")
    assert wand.app.treatment.lifts == 1 and wand.board.code == 0 and not wand.board.bleed_opens
    wand.board.load_ohm = SKIN_OHM
    wand.until("treating")
    wand.press(0.2)
    wand.until("done")
    assert wand.end == "stopped"


@pytest.mark.req("F-07")
def test_without_contact_for_a_minute_it_ends():
    wand = PlainWand().search()
    wand.board.late_ms = 500  # a late tick counts as 100 ms
    for _ in range(limits.NO_CONTACT_MS // 100 + 2):
        wand.app.turn()
    assert (wand.state, wand.end) == ("done", "no_contact")


@pytest.mark.req("F-03", "S-06")
@pytest.mark.parametrize(
    "ohm, state",
    [(400_000, "contact"), (2_900, "refused"), (5_200, "refused"), (5_800, "treating")],
)
def test_contact_is_neither_too_dry_nor_without_barrier(ohm, state):
    """The load with its leads of 2 kΩ: skin of 3.2 kΩ is refused, of 3.8 treated."""
    wand = PlainWand().search()
    wand.board.load_ohm = ohm
    for _ in range(2000):
        if wand.state in ("refused", "treating"):
            break
        wand.app.turn()
    assert wand.state == state
    if state == "refused":
        assert wand.end == "too_conductive"


@pytest.mark.req("F-03")
def test_a_touch_between_two_frames_is_waited_for():
    wand = PlainWand().search()
    wand.board.load_ohm = SKIN_OHM
    for tick in range(2000):
        wand.board.frames_stand = tick % 2 == 1  # a frame takes 6 ms, a tick 5
        wand.app.turn()
        if wand.state == "treating":
            break
    assert wand.state == "treating" and wand.named == []


@pytest.mark.req("F-06")
def test_more_resistance_than_the_supply_overcomes_is_shown_and_kept():
    wand = PlainWand().search()
    wand.board.load_ohm = 150_000
    wand.until("treating")
    wand.run(3)
    assert wand.state == "treating" and wand.app.output.regulator.limited
    assert 150_000 < wand.app.output.measurement.load_na < 185_000
    wand.press(0.2)
    wand.until("done")
    assert faults.names(wand.app.faults.bits) == []


@pytest.mark.req("S-12")
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_leaving_the_loop_is_off(error):
    wand = PlainWand().treat()
    ticks = []

    def leave(status):
        ticks.append(status[0])
        if len(ticks) == 3:
            raise error

    wand.board.publish = leave
    with pytest.raises(error):
        wand.app.run()
    assert len(ticks) == 3 and not wand.board.gate() and wand.board.code == 0
    assert wand.app.output.request[guard.RQ_ARM] == 0
