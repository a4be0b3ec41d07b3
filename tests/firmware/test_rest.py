"""Caps that hold across sessions, and who may say that another person follows [S-07]."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_board import PlainBoard
from test_ticks import PlainWand

from firmware import console, limits, logbook, products, rest, store
from firmware.app import App

CAP_UC = limits.CHARGE_MAX_UC
HALF_HOUR_MS = 30 * 60_000
LONG = products.Product("long", "Long", -100, 250, 200_000, 800)
CATION = products.Product("cation", "Cation", 200, 250, 75_000, 300)


def pass_time(r, ms):
    while ms > 0:
        r.step(min(ms, 100))
        ms -= 100


def session(r, uc, sign=-1, capped=False):
    r.begin(uc, sign)
    pass_time(r, 20_000)
    r.end(uc, capped)


@pytest.mark.req("S-07")
def test_four_standard_treatments_within_an_hour_then_thirty_minutes():
    r = rest.Rest()
    for _ in range(4):
        assert not r.due(75_000)
        session(r, 75_050)
        pass_time(r, 300_000)
    assert r.due(75_000) and r.due(500) and r.capped
    pass_time(r, HALF_HOUR_MS - 300_000 - 100)
    assert r.due(500)
    pass_time(r, 100)
    assert not r.due(CAP_UC) and r.spent_uc == 0 and not r.capped


@pytest.mark.req("S-07")
@pytest.mark.parametrize("sign", [-1, 1])
def test_what_would_be_too_much_is_not_begun_whatever_its_sign(sign):
    r = rest.Rest()
    session(r, 200_000)
    r.begin(75_000, sign)
    r.end(75_000, False)
    assert r.due(200_000) and not r.due(20_000)


@pytest.mark.req("S-07")
def test_a_cap_asks_for_a_rest_however_little_it_gave():
    r = rest.Rest()
    session(r, 40_000, capped=True)
    assert r.due(500) and r.left_ms == HALF_HOUR_MS
    pass_time(r, HALF_HOUR_MS)
    assert not r.due(500)


@pytest.mark.req("S-07")
def test_an_hour_forgets_its_oldest_part():
    r = rest.Rest()
    for _ in range(12):
        session(r, 40_000)
        assert not r.capped
        pass_time(r, 600_000)
    assert r.spent_uc <= 240_000 and not r.due(40_000)


@pytest.mark.req("S-07")
def test_an_armed_session_that_gave_nothing_changes_nothing():
    r = rest.Rest()
    session(r, 75_000)
    pass_time(r, 60_000)
    r.begin(75_000, 1)
    r.end(30, False)
    assert (r.spent_uc, r.left_ms, r.ion_sign) == (75_030, HALF_HOUR_MS - 60_000, -1)
    r.end(75_000, True)
    assert r.spent_uc == 75_030, "a session ends once"
    fresh = rest.Rest()
    fresh.begin(75_000, 1)
    fresh.end(30, False)
    assert fresh.spent_uc == 0 and not fresh.reverses(-1)


@pytest.mark.req("S-09", "F-10")
def test_a_reversal_is_one_until_the_rest_is_over():
    r = rest.Rest()
    assert not r.reverses(-1) and not r.reverses(1)
    session(r, 75_000, sign=-1)
    assert r.reverses(1) and not r.reverses(-1) and not r.reverses(0)
    pass_time(r, HALF_HOUR_MS)
    assert not r.reverses(1)


@pytest.mark.req("S-07")
@given(st.lists(st.tuples(st.integers(500, 285_000), st.integers(0, 80)), max_size=30))
def test_no_hour_holds_more_than_the_cap(steps):
    """Whoever arms as often as the wand lets them, with whatever doses and pauses."""
    r = rest.Rest()
    given_uc = []
    now_ms = 0
    for uc, minutes in steps:
        if not r.due(uc):
            session(r, uc)
            given_uc.append((now_ms, uc))
        for _ in range(minutes * 12):
            r.step(5000)
        now_ms += minutes * 60_000
    for begin_ms, _ in given_uc:
        hour = [(at, uc) for at, uc in given_uc if begin_ms <= at < begin_ms + 3_600_000]
        gaps = [b - a for (a, _), (b, _) in zip(hour, hour[1:])]
        if all(gap < HALF_HOUR_MS for gap in gaps):
            assert sum(uc for _, uc in hour) <= CAP_UC * 102 // 100


@pytest.mark.req("S-07", "R-06")
def test_it_is_kept_and_time_stands_still_while_the_wand_is_off():
    board = PlainBoard()
    r = rest.load(board)
    session(r, 300_000)
    pass_time(r, 600_000)
    rest.save(board, r)
    again = rest.load(board)
    assert again.due(500) and again.left_ms == HALF_HOUR_MS - 600_000 and again.reverses(1)


@pytest.mark.req("S-07", "R-07")
@pytest.mark.parametrize("payload", [b"", b"\0" * 9 + b"\0", b"\xff" * 9, b"\0" * 8 + b"\x05"])
def test_a_damaged_rest_is_a_whole_rest(payload):
    board = PlainBoard()
    rest.records.save(board.read, board.write, rest.NAME, rest.records.REST, 1, payload)
    assert rest.load(board).due(500) and rest.load(board).left_ms == HALF_HOUR_MS
    board.files["rest.a"] = board.files["rest.b"] = b"torn"
    assert rest.load(board).due(500)


def wand(catalogue):
    w = PlainWand()
    payload = products.pack(catalogue)
    console.set_catalogue(w.board, payload)
    w.app = App(w.board)
    for product in catalogue:
        w.app.logbook._patched.append(logbook._key(product))
    w.app._choose(0)
    return w


def treat_to_the_end(w):
    w.treat()
    w.run(1)
    w.app.treatment.dose.dose_uc = w.app.product.dose_uc
    w.app.output.snapshot[15] = w.app.product.dose_uc  # SN_CHARGE_UC
    w.until("done")
    w.board.load_ohm = None
    w.run(0.1)


@pytest.mark.req("S-07", "F-10", "F-11")
def test_after_too_much_arming_is_refused_and_a_setting_lets_another_person_follow():
    w = wand((LONG,))
    treat_to_the_end(w)
    w.press(0.2)
    w.press(1.7)
    assert w.state == "refused" and w.end == "rest"
    w.press(3.3)
    assert w.state == "refused", "nobody has set that more than one person is treated"
    rest.set_many_people(w.board, True)
    w.press(3.3)
    w.treat()
    assert w.app.logbook._record.flags & 16
    w.app.treatment.why = 0
    w.press(0.2)
    w.until("done")
    w.board.load_ohm = None
    w.run(0.3)
    assert w.app.logbook.ring.session(2)["flags"] & 16
    assert not w.app.logbook.ring.session(1)["flags"] & 16


@pytest.mark.req("S-07", "S-12")
def test_the_hold_that_was_refused_says_nothing_about_people():
    w = wand((LONG,))
    rest.set_many_people(w.board, True)
    treat_to_the_end(w)
    w.press(0.2)
    w.press(5.0)
    assert w.state == "refused" and w.app.rest.spent_uc >= 200_000


@pytest.mark.req("S-07", "S-12")
def test_a_battery_pulled_under_current_forgets_nothing():
    w = wand((LONG,))
    w.treat()
    w.run(1)
    again = rest.load(w.board)  # what the next start finds
    assert again.spent_uc == 200_000 and again.due(200_000)


@pytest.mark.req("F-01", "F-10")
def test_a_change_of_sign_right_after_a_session_is_told_before_arming():
    w = wand((LONG, CATION))
    treat_to_the_end(w)
    w.press(0.2)
    assert w.app.display.indicator._variant == 0
    w.press(0.2)
    w.run(0.1)
    assert w.app.product.id == "cation" and w.app.display.indicator._variant == 4


@pytest.mark.req("S-07", "R-05")
def test_a_rest_that_cannot_be_kept_is_a_fault_before_anything_flows():
    w = wand((LONG,)).until("ready")
    w.board.writes_fail = True
    w.press(1.7)
    assert w.state == "fault" and w.named == ["files"]


@pytest.mark.req("R-07", "F-13")
@pytest.mark.parametrize("many", [1, "yes", None, 0])
def test_the_setting_is_true_or_false(many):
    board = PlainBoard()
    with pytest.raises(ValueError, match="allowed are True and False"):
        rest.set_many_people(board, many)
    assert not rest.many_people(board)
    rest.set_many_people(board, True)
    assert rest.many_people(board)
    rest.set_many_people(board, False)
    assert not rest.many_people(board)
    assert store.load_faults(board) == (0, 0)
