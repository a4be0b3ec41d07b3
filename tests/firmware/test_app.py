"""The whole wand, as a person and a failing part meet it."""

import pytest
from whole_wand import HOLD, TOUCH, Wand

from firmware import display, faults, guard, limits, logbook, patterns, products, store


def treating(**how):
    wand = Wand(HOLD, TOUCH, **how)
    wand.until("treating")
    return wand


@pytest.mark.req("S-12", "S-15", "P-07")
def test_ready_after_power_on():
    wand = Wand()
    wand.until("ready", within_s=1.5)
    assert wand.current_ua == 0.0 and not wand.board.gate()


@pytest.mark.req("F-10", "S-18")
def test_a_press_stops_within_its_times():
    wand = treating()
    wand.world.press(0.1)
    pressed_s = wand.now_s
    wand.until("stopping", within_s=0.05)
    wand.until("done", within_s=1.1 - (wand.now_s - pressed_s))
    assert wand.end == "stopped" and not wand.board.gate()


@pytest.mark.req("F-10")
def test_the_press_that_stops_does_not_arm_again():
    wand = treating()
    wand.press(5.0)
    assert wand.state == "done"
    wand.press(1.7)
    assert wand.state == "proving"


@pytest.mark.req("S-15", "S-08")
@pytest.mark.parametrize("product", ["vitamin-c", "magnesium"])
def test_no_test_current_through_a_person(product):
    """The dummy lies across the electrodes: tests wait until nobody touches them."""
    wand = Wand({"at_s": 0.0, "touch": "hydrated"}, product=product)
    wand.run(3)
    assert wand.state == "selftest"
    assert wand.world.plant.skin_charge_c < 6e-6  # 2 µA for three seconds
    wand.world.lift()
    wand.until("ready")


@pytest.mark.req("S-18")
def test_output_waits_until_the_button_can_stop_it():
    wand = Wand({"at_s": 2.0, "press_s": 6.0}, {"at_s": 5.0, "touch": "hydrated"})
    wand.run(7.9)
    assert wand.state == "proving"
    wand.until("treating")


@pytest.mark.req("S-20")
def test_the_hold_that_armed_acknowledges_nothing():
    wand = Wand({"at_s": 2.0, "press_s": 3.5})
    wand.until("proving")
    wand.world.vbus = True
    wand.until("fault")
    wand.world.vbus = False
    wand.run(3)
    assert wand.state == "fault" and wand.fault == "vbus"


@pytest.mark.req("S-20", "S-14")
def test_a_fault_is_not_acknowledged_while_its_cause_is_there():
    wand = treating()
    wand.world.vbus = True
    wand.until("fault")
    wand.world.lift()
    wand.press(3.3)
    assert wand.state == "fault" and wand.fault == "vbus"


@pytest.mark.req("S-19")
def test_a_converter_that_takes_commands_and_gives_nothing():
    wand = treating()

    def deaf():
        raise OSError(5)

    wand.board._adc.read = deaf
    wand.until("fault", within_s=0.1)
    assert wand.fault == "i2c"


@pytest.mark.req("S-15", "S-20")
def test_current_that_does_not_flow_is_a_fault():
    wand = treating()
    wand.board.set_switches(True, False)
    wand.until("fault", within_s=0.3)
    assert wand.fault in ("dac", "precise_mismatch")


@pytest.mark.req("S-05")
def test_less_than_the_leads_is_no_skin():
    wand = Wand(HOLD)
    wand.until("contact")
    wand.world.inject("bridge_stuck_closed")
    wand.until("fault", within_s=3)
    assert wand.fault == "load_short"


@pytest.mark.req("F-10", "F-11")
def test_a_press_while_ramping_down_does_not_change_why_it_ended():
    wand = treating()
    wand.app.treatment.dose.dose_uc = 75_000
    wand.until("stopping")
    wand.world.press(0.1)
    wand.until("done")
    assert wand.end == "complete"


@pytest.mark.req("F-10", "F-02")
def test_short_presses_go_through_the_catalogue():
    wand = Wand()
    wand.until("ready")
    seen = []
    for _ in products.DEFAULT:
        seen.append(wand.app.catalogue[wand.app.index].id)
        wand.press(0.2)
        wand.run(0.3)  # sooner, it would go back
    assert seen == [product.id for product in products.DEFAULT]
    assert wand.app.index == 0


@pytest.mark.req("F-12")
def test_sleeps_and_wakes_into_a_self_test():
    wand = Wand()
    wand.until("ready")
    wand.run(limits.SLEEP_AFTER_MS / 1000 - 1)
    assert wand.state == "ready"
    wand.until("asleep", within_s=2)
    wand.world.press(4.0)
    wand.until("selftest")
    wand.until("ready")
    wand.run(3.0)
    assert wand.state == "ready", "the press that woke it must not arm it"


@pytest.mark.req("S-14")
@pytest.mark.parametrize("armed", [False, True])
def test_no_treatment_with_a_charger(armed):
    wand = Wand(HOLD, TOUCH)
    if armed:
        wand.until("treating")
        wand.world.vbus = True
        wand.run(0.01)
        assert wand.state == "fault" and wand.fault == "vbus"
    else:
        wand.until("ready")
        wand.world.vbus = True
        wand.until("refused")
        assert wand.end == "vbus"
    assert not wand.board.gate()


@pytest.mark.req("S-16")
def test_battery_too_low_to_start():
    wand = Wand(HOLD, TOUCH, prepare=lambda world: setattr(world, "battery_mv", 3450))
    wand.until("refused")
    assert wand.end == "battery_low"


@pytest.mark.req("S-06")
def test_skin_without_barrier_is_refused():
    wand = Wand(HOLD, {"at_s": 5.0, "touch": "resistor:800"})
    wand.until("refused")
    assert wand.end == "too_conductive"


@pytest.mark.req("F-03")
@pytest.mark.parametrize(("ohm", "found"), [(280_000, True), (330_000, False)])
def test_contact_below_300_kilohm(ohm, found):
    wand = Wand(HOLD, {"at_s": 5.0, "touch": f"resistor:{ohm}"})
    wand.until("contact")
    wand.run(5)
    assert (wand.state != "contact") is found


@pytest.mark.req("F-01", "S-09")
@pytest.mark.parametrize(
    ("product", "bridge", "sign"), [("vitamin-c", 1, -1.0), ("magnesium", 2, 1.0)]
)
def test_the_roller_has_the_sign_of_the_ions(product, bridge, sign):
    """Like repels like: the roller is the cathode for an anion, the anode for a cation."""
    wand = treating(product=product)
    assert wand.world.plant.bridge == bridge
    assert wand.world.plant.i_active_a * sign > 240e-6
    wand.press(0.1)
    wand.until("done")
    wand.run(0.1)
    assert wand.world.plant.bridge == 0


@pytest.mark.req("S-09")
def test_the_bridge_never_moves_under_current():
    moved = []
    wand = treating()
    plant = wand.world.plant
    move = wand.board.set_bridge

    def watched(position):
        moved.append((wand.board.gate(), plant.sense_a_v, plant.sense_b_v))
        move(position)

    wand.board.set_bridge = watched
    wand.press(0.1)
    wand.until("done")
    wand.world.lift()
    wand.press(1.7)
    wand.until("contact")
    wand.world.touch("hydrated")
    wand.until("treating")
    assert len(moved) >= 2
    for gate, a_v, b_v in moved:
        assert not gate and a_v < 5e-6 * 2000 and b_v < 5e-6 * 4990


@pytest.mark.req("F-07", "S-04")
def test_a_long_lift_ends_the_session():
    wand = treating()
    wand.world.lift()
    wand.until("bounced", within_s=0.02)
    wand.until("lifted", within_s=0.06)
    dose_uc = wand.app.treatment.dose.dose_uc
    wand.until("done", within_s=62)
    assert wand.end == "no_contact"
    assert wand.app.treatment.dose.dose_uc - dose_uc < 10


@pytest.mark.req("S-20")
def test_a_recoverable_fault_is_acknowledged_and_a_permanent_one_is_not():
    wand = treating()
    wand.world.bus.hang = True
    wand.until("fault")
    wand.world.bus.hang = False
    wand.world.lift()  # the self-test measures the dummy, and skin beside it would show
    wand.run(0.5)
    wand.press(3.2)
    wand.until("ready")
    wand = treating()
    wand.world.inject("rb_short")
    wand.until("fault")
    wand.world.clear("rb_short")
    wand.run(0.5)
    wand.press(3.2)
    assert wand.state == "fault" and wand.fault == "sense_mismatch"
    wand.start()
    wand.run(2)
    assert wand.state == "fault", "power off and on is no service"


@pytest.mark.req("S-17")
@pytest.mark.parametrize("damage", [None, b"", b"IW", b"\xff" * 57])
def test_no_output_without_a_calibration(damage):
    def spoil(world):
        for copy in (".a", ".b"):
            if damage is None:
                world.files.pop(store.CALIBRATION + copy)
            else:
                world.files[store.CALIBRATION + copy] = damage

    wand = Wand(HOLD, TOUCH, prepare=spoil)
    wand.run(8)
    assert wand.state == "fault" and wand.fault == "calibration"


@pytest.mark.req("S-12")
@pytest.mark.parametrize("error", [ValueError, MemoryError, ZeroDivisionError])
def test_an_exception_in_a_tick_is_a_fault_and_off(error):
    wand = treating()

    def broken(*_):
        raise error("on purpose")

    wand.app.treatment.treating = broken
    wand.tick()
    assert wand.fault == "internal" and not wand.board.gate()


@pytest.mark.req("S-12")
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_leaving_the_loop_is_off(error):
    wand = treating()

    def leave(*_):
        raise error

    wand.board.publish = leave
    with pytest.raises(error):
        wand.app.run()
    assert not wand.board.gate()
    assert wand.app.output.request[guard.RQ_ARM] == 0


@pytest.mark.req("S-13")
def test_nothing_is_written_while_output_is_on():
    wand = treating()
    with pytest.raises(OSError, match="output"):
        store.save_faults(wand.board, faults.DAC, faults.DAC)


@pytest.mark.req("S-11")
def test_the_watchdog_is_not_fed_without_the_guard():
    wand = Wand()
    wand.until("ready")
    fed = []
    wand.board.feed_watchdog = lambda: fed.append(wand.now_s)
    wand.run(0.5)
    assert fed
    wand.board._guard_us = 1 << 60  # the hard timer has died
    wand.run(0.1)
    fed.clear()
    wand.run(0.5)
    assert not fed


@pytest.mark.req("F-03", "S-21", "F-10")
def test_armed_on_the_skin_one_is_told_to_lift_and_it_is_no_fault():
    wand = Wand({"at_s": 1.9, "touch": "hydrated"}, HOLD)
    wand.until("proving")
    wand.run(1.1)  # the first look, which learns the bleed, and the light's last flash
    assert wand.app.output.touching_ohm and wand.app.display.indicator._playing == "lift first"
    wand.world.lift()
    wand.until("contact", within_s=3)


@pytest.mark.req("F-03", "S-21", "S-12")
def test_armed_and_left_on_the_skin_it_is_refused():
    wand = Wand({"at_s": 1.9, "touch": "hydrated"}, HOLD)
    wand.until("proving")
    wand.until("refused", "fault", within_s=12)
    assert (wand.state, wand.end, wand.app.faults.bits) == ("refused", "touched", 0)
    assert not wand.board.gate() and not wand.app.output.touching_ohm
    wand.world.lift()
    wand.press(0.2)
    wand.until("ready")


@pytest.mark.req("S-15", "S-20")
def test_a_dummy_that_never_lets_go_is_told_from_skin():
    wand = Wand(HOLD)
    wand.until("ready")
    wand.world.inject("dummy_welded")
    wand.until("fault", within_s=15)
    assert wand.fault == "dummy_reading"


@pytest.mark.req("F-10")
def test_the_products_number_is_told_without_a_press():
    wand = Wand(product="magnesium")
    wand.until("ready")
    flashes = was = 0
    for _ in range(600):  # 3 s: three flashes at 2.5 Hz, a second of darkness, then what is
        wand.tick()
        colour = wand.app.display.status[display.ST_RGB]
        flashes += colour == patterns.WHITE != was
        was = colour
    assert flashes == 3
    assert wand.app.display.indicator._playing == "ready+"
    wand.press(0.2)
    assert wand.app.index == 3  # and a press goes on as ever


@pytest.mark.req("F-10")
def test_two_presses_go_back_and_three_two():
    wand = Wand(product="magnesium")
    wand.until("ready")
    wand.run(0.5)
    for presses, index in ((1, 3), (2, 2), (3, 0), (2, 15)):
        for _ in range(presses):
            wand.press(0.1)  # and 0.1 s until the next
        wand.run(0.5)
        assert wand.app.index == index
    assert wand.state == "ready"


def new_wand(world):
    for copy in (".a", ".b"):
        world.files.pop(logbook.PATCHED + copy, None)


@pytest.mark.req("F-10", "F-04")
def test_two_presses_at_an_offered_patch_test_go_back_one():
    wand = Wand(product="magnesium", prepare=new_wand)
    wand.until("ready")
    assert wand.app.product.patch_test
    first = wand.app.index
    wand.press(0.1)  # declines it
    assert (wand.app.index, wand.app.product.patch_test) == (first, False)
    wand.press(0.1)
    assert wand.app.index == (first - 1) % 16 and wand.app.product.patch_test


@pytest.mark.req("F-10", "S-18")
def test_pressed_and_held_it_counts_on_and_says_where_it_stopped():
    wand = Wand(product="magnesium")
    wand.until("ready")
    wand.run(0.5)
    wand.press(0.1)
    wand.world.press(3.4)  # five beeps: 0.8, 1.4, 2.0, 2.6, 3.2 s
    wand.run(3.38)
    assert (wand.app.index, wand.state) == (8, "ready")
    wand.run(0.3)
    flashes = was = 0
    for _ in range(1200):
        wand.tick()
        colour = wand.app.display.status[display.ST_RGB]
        flashes += colour == patterns.WHITE != was
        was = colour
    assert flashes == 5  # "-....": nine
    wand.press(1.7)
    assert wand.state == "proving" and wand.app.product.id == "glycolic-acid"


@pytest.mark.req("F-10")
def test_held_for_a_second_it_tells_the_battery_and_nothing_else():
    wand = Wand(product="magnesium")
    wand.until("ready")
    wand.run(3)
    wand.press(1.2)
    seen = {0}
    for _ in range(600):
        wand.tick()
        seen.add(wand.app.display.status[display.ST_RGB])
    assert patterns.BATTERY in seen and patterns.WHITE not in seen
    assert (wand.app.index, wand.state) == (2, "ready")
