"""The app tick by tick on a board of resistors: what seldom happens, and what must not."""

import pytest
from plain_board import PlainBoard

from firmware import calibration, faults, limits, logbook, products, session, store
from firmware import treatment as t
from firmware.app import App
from firmware.guard import SN_OUTPUT_MS, SN_SESSION_MS

SKIN_OHM = 12_000


class PlainWand:
    """An app on a plain board, calibrated and in use for long."""

    def __init__(self, **board):
        self.board = PlainBoard()
        for name in board:
            setattr(self.board, name, board[name])
        store.save_calibration(self.board, calibration.NOMINAL)
        logbook.save_patched(self.board, products.DEFAULT)
        self.app = App(self.board)

    def run(self, seconds):
        for _ in range(round(seconds * 200)):
            self.app.turn()

    def until(self, *states):
        for _ in range(4000):
            if self.state in states:
                return self
            self.app.turn()
        raise AssertionError("still " + self.state)

    def press(self, seconds):
        self.board.is_pressed = True
        self.run(seconds)
        self.board.is_pressed = False
        self.run(0.1)

    def search(self):
        """Armed, self-tested, looking for skin."""
        self.until("ready")
        self.press(1.7)
        return self.until("contact")

    def treat(self):
        self.search()
        self.board.load_ohm = SKIN_OHM
        return self.until("treating")

    @property
    def state(self):
        return session.STATES[self.app.session.state]

    @property
    def end(self):
        return t.ENDS[self.app.treatment.end]

    @property
    def named(self):
        return faults.names(self.app.faults.bits)


@pytest.mark.req("F-04", "F-08", "S-18")
def test_a_whole_treatment():
    wand = PlainWand().treat()
    wand.run(2)
    wand.app.treatment.dose.dose_uc = 75_000
    wand.until("done")
    assert wand.end == "complete" and wand.named == []
    assert not wand.board.gate()


@pytest.mark.req("F-04")
def test_a_product_without_a_dose_ends_by_time():
    wand = PlainWand()
    product = wand.app.product
    product.dose_uc, product.time_s, kept = 0, 3, (product.dose_uc, product.time_s)
    try:
        wand.search()
        wand.board.load_ohm = SKIN_OHM
        wand.until("ramping")
        wand.until("done")
        assert wand.end == "complete"
        assert 3000 <= wand.app.treatment.flow_ms < 4200
    finally:
        product.dose_uc, product.time_s = kept


@pytest.mark.req("S-01", "S-22", "F-08")
@pytest.mark.parametrize("bit", [0, 5, 10, 16, 18])
@pytest.mark.parametrize("number", ["_target_na", "setpoint_ua", "dose_uc", "time_s", "_told"])
@pytest.mark.parametrize("state", ["contact", "treating"])
def test_a_bit_of_the_numbers_that_a_session_goes_by_ends_it(state, number, bit):
    """On skin without its barrier bit 18 of the target made 387 µA of 125."""
    wand = PlainWand().search()
    if state == "treating":
        wand.board.load_ohm = SKIN_OHM
        wand.until("treating")
    treated = wand.app.treatment
    owner = treated if number.startswith("_") else wand.app.product
    kept = getattr(owner, number)
    try:
        setattr(owner, number, kept ^ 1 << bit)
        for _ in range(202):
            wand.app.turn()
        assert wand.state == "fault" and wand.app.faults.first == faults.BAD_REQUEST
    finally:
        setattr(owner, number, kept)


@pytest.mark.req("S-07")
@pytest.mark.parametrize(
    "slot, cap", [(SN_OUTPUT_MS, limits.OUTPUT_MAX_MS), (SN_SESSION_MS, limits.SESSION_MAX_MS)]
)
@pytest.mark.parametrize("treats", [False, True])
def test_shortly_before_a_cap_it_ramps_down(treats, slot, cap):
    wand = PlainWand()
    wand = wand.treat() if treats else wand.search()
    wand.run(0.05)
    assert wand.state == ("treating" if treats else "contact")
    wand.app.output.snapshot[slot] = cap - 3000
    wand.until("done")
    assert wand.end == "timeout" and wand.named == []


@pytest.mark.req("S-16")
@pytest.mark.parametrize("treats", [False, True])
def test_an_empty_battery_ends_it(treats):
    wand = PlainWand()
    wand = wand.treat() if treats else wand.search()
    wand.board.battery_mv = 3250
    wand.until("done")
    assert wand.end == "battery_low" and wand.named == []


@pytest.mark.req("S-04", "F-07")
def test_a_lift_while_ramping_down_ends_it():
    wand = PlainWand().treat()
    wand.run(3)
    wand.board.is_pressed = True
    wand.until("stopping")
    wand.board.load_ohm = None
    wand.until("done")
    assert wand.end == "stopped"


@pytest.mark.req("S-05")
def test_less_than_the_leads_at_the_probe_is_a_fault():
    wand = PlainWand().search()
    wand.board.load_ohm = 300
    wand.until("fault")
    assert wand.named == ["load_short"]


@pytest.mark.req("F-09")
def test_rising_impedance_is_shown():
    wand = PlainWand().treat()
    wand.run(16)
    wand.board.load_ohm = 3 * SKIN_OHM
    wand.run(6)
    assert wand.app.treatment.impedance.rising
    assert wand.app.treatment.quality == t.RISING


@pytest.mark.req("S-14", "S-15")
def test_a_charger_ends_the_self_test():
    wand = PlainWand()
    wand.run(0.3)
    assert wand.state == "selftest"
    wand.board.is_vbus = True
    wand.run(0.05)
    assert (wand.state, wand.end) == ("refused", "vbus")
    assert not wand.board.gate() and not wand.board.dummy


@pytest.mark.req("S-15", "S-20")
def test_what_the_self_test_finds_is_the_fault():
    wand = PlainWand(adc_good=False)
    wand.until("fault")
    assert wand.named == ["adc_config"]
    wand.run(0.5)
    assert store.load_faults(wand.board) == (faults.ADC_CONFIG, faults.ADC_CONFIG)


@pytest.mark.req("S-20")
def test_a_trip_in_a_fault_is_added_to_it():
    wand = PlainWand(adc_good=False).until("fault")
    wand.app.output.snapshot[10] = faults.COMPARATOR
    wand.run(0.1)
    assert wand.named == ["comparator", "adc_config"]
    assert wand.app.faults.first == faults.ADC_CONFIG


@pytest.mark.req("S-15", "S-20")
def test_a_stuck_button_is_a_fault():
    wand = PlainWand().until("ready")
    wand.board.is_pressed = True
    wand.until("fault")
    assert wand.named == ["button_stuck"]


@pytest.mark.req("S-19", "S-12")
def test_a_bus_error_in_a_tick_is_named():
    wand = PlainWand().treat()

    def dead(code):
        raise OSError(5)

    wand.board.write_dac = dead
    wand.run(0.1)
    assert wand.state == "fault" and wand.named == ["i2c"]
    assert not wand.board.gate()


@pytest.mark.req("S-12", "S-20")
def test_a_fault_that_fails_itself_is_off_and_named():
    wand = PlainWand().treat()

    def broken(on):
        raise OSError(5)

    wand.board.set_dummy = broken
    wand.board.is_vbus = True
    wand.run(0.05)
    assert wand.named == ["vbus", "internal"] or wand.named == ["internal", "vbus"]
    assert not wand.board.gate()


@pytest.mark.req("F-11", "S-13", "S-15")
def test_a_journal_that_cannot_be_written_is_a_fault():
    wand = PlainWand().treat()
    wand.board.writes_fail = True
    wand.press(0.2)
    wand.until("fault")
    assert wand.named == ["files"]


@pytest.mark.req("F-11")
def test_a_journal_that_cannot_be_repaired_does_not_keep_the_wand_from_starting():
    board = PlainBoard()
    book = logbook.Logbook(board)
    book.begin(products.DEFAULT[0], 3900)
    book.end("stopped", 0, 0, 3900, 0, 0)
    book.write()
    whole = board.files["journal.00"]
    board.files["journal.00"] = b"torn"
    board.writes_fail = True
    book = logbook.Logbook(board)
    book.begin(products.DEFAULT[0], 3900)
    book.end("stopped", 0, 0, 3900, 0, 0)
    with pytest.raises(OSError):
        book.write()
    assert board.files["journal.00"] == b"torn"
    board.writes_fail = False
    assert logbook.Logbook(board).ring.last == 1
    assert board.files["journal.00"] == whole
    book.write()
    assert book.ring.last == 2


@pytest.mark.req("F-04")
def test_a_patch_test_done_twice_is_remembered_once():
    board = PlainBoard()
    keys = logbook.save_patched(board, products.DEFAULT[:1])
    assert logbook.save_patched(board, products.DEFAULT[:2], keys)[:1] == keys
    assert len(logbook.load_patched(board)) == 2


@pytest.mark.req("S-10", "F-12")
def test_a_late_turn_is_not_caught_up():
    wand = PlainWand().until("ready")
    wand.board.late_ms = 500
    wand.app.turn()
    wand.board.late_ms = 0
    before_ms = wand.board.now_ms
    wand.app.turn()
    assert wand.board.now_ms == before_ms + limits.TICK_MS


@pytest.mark.req("F-12", "S-15")
def test_it_sleeps_and_wakes_into_a_self_test():
    wand = PlainWand().until("ready")
    wand.board.late_ms = 500  # a late tick counts as 100 ms
    for _ in range(limits.SLEEP_AFTER_MS // 100 + 2):
        wand.app.turn()
    assert wand.state == "asleep" and not wand.board.rail
    wand.board.late_ms = 0
    wand.press(0.2)
    assert wand.state == "selftest"
    wand.until("ready")


@pytest.mark.req("R-02", "S-12")
def test_an_action_that_does_not_exist_does_nothing():
    wand = PlainWand().until("ready")
    wand.app._do(session.ACTIONS)
    assert wand.state == "ready" and not wand.board.gate() and wand.board.rail
    assert wand.end == "" and not wand.app.output.on
