"""The panel: every row told apart by rhythm and by colour, and never a flash faster than 3 Hz.

What is judged is the light that comes out of Indicator.step, not the table that goes in.
"""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unix_port import run

from firmware import faults, limits, patterns, session
from firmware.indicator import Indicator
from firmware.patterns import (
    EARLY,
    FLASH_MIN_MS,
    LIMIT,
    LOW_BATTERY,
    PATCH,
    PLAIN,
    POOR,
    REVERSAL,
    RISING,
    TOUCHING,
)

TICK_MS = 5
SAMPLE_MS = 50
WINDOW = 4000 // SAMPLE_MS  # samples in 4 s
# What two rhythms differ by at their most similar relative phase: one flash more or less, or a
# long one in place of a short one.
DISTINCT_MS = 200


def pictures():
    """Everything that can be shown: name -> arguments of show."""
    shown = {}
    for state in session.STATES:
        if state == "bounced":
            continue  # nobody is told: display.py shows it as treating [F-07]
        if state == "fault":
            for index, name in enumerate(faults.NAMES):
                shown["fault " + name] = {"state": state, "fault": 1 << index}
            shown["fault ?"] = {"state": state, "fault": 0}
        elif state == "refused":
            for name, _, _ in patterns.REFUSALS:
                shown["refused " + name] = {"state": state, "refusal": name}
            shown["refused ?"] = {"state": state, "refusal": "no such reason"}
        elif state == "ready":
            shown["ready 0"] = {"state": state, "sign": 0}
            for sign, variant in itertools.product((-1, 1), (PLAIN, PATCH, LOW_BATTERY, REVERSAL)):
                shown[f"ready {sign} {variant}"] = {
                    "state": state,
                    "sign": sign,
                    "variant": variant,
                }
        elif state in ("selftest", "proving"):
            shown[state] = {"state": state}
            shown["lift first"] = {"state": state, "variant": TOUCHING}
        elif state == "contact":
            for sign in (-1, 1):
                shown[f"contact {sign}"] = {"state": state, "sign": sign}
        elif state == "treating":
            for quality in (0, POOR, RISING, LIMIT):
                shown[f"treating {quality}"] = {"state": state, "quality": quality}
        elif state == "done":
            shown["done"] = {"state": state}
            shown["done early"] = {"state": state, "variant": EARLY}
        else:
            shown[state] = {"state": state}
    return shown


PICTURES = pictures()


def light(indicator):
    return (indicator.r, indicator.g, indicator.b)


def play(indicator, ms):
    """Colours and tones, one a tick."""
    seen = []
    for _ in range(ms // TICK_MS):
        indicator.step(TICK_MS)
        seen.append((light(indicator), indicator.hz))
    return seen


def film(arguments, ms=8000):
    indicator = Indicator()
    indicator.show(**arguments)
    return play(indicator, ms)


FILMS = {name: film(arguments) for name, arguments in PICTURES.items()}


def rhythm(name):
    """On and off, one sample every 50 ms over the second 4 s."""
    return [any(colour) for colour, _ in FILMS[name][4000 // TICK_MS :: SAMPLE_MS // TICK_MS]]


RHYTHMS = {name: rhythm(name) for name in PICTURES}


@pytest.mark.req("F-10")
def test_every_rhythm_repeats_within_the_window():
    for name, frames in FILMS.items():
        colours = [colour for colour, _ in frames]
        assert colours[: 4000 // TICK_MS] == colours[4000 // TICK_MS :], name


def distance(one, other):
    """Samples in which two rhythms differ, at the relative phase where they are most alike."""
    a = sum(on << at for at, on in enumerate(one))
    b = sum(on << at for at, on in enumerate(other))
    mask = (1 << WINDOW) - 1
    turned = [(a << shift | a >> (WINDOW - shift)) & mask for shift in range(WINDOW)]
    return min(bin(one ^ b).count("1") for one in turned)


@pytest.mark.req("F-10")
def test_rhythm_alone_tells_all_apart():
    for one, other in itertools.combinations(PICTURES, 2):
        apart_ms = distance(RHYTHMS[one], RHYTHMS[other]) * SAMPLE_MS
        assert apart_ms >= DISTINCT_MS, (one, other, apart_ms)


@pytest.mark.req("F-10")
def test_the_distinctness_check_finds_twins():
    """A check that could not fail proves nothing: a shifted copy has no distance."""
    a = RHYTHMS["done"]
    assert distance(a, a[7:] + a[:7]) == 0
    assert distance(a, a[:-1] + [not a[-1]]) == 1


@pytest.mark.req("F-10")
@pytest.mark.parametrize("at_ms", [5, 400, 1500, 3990])
def test_a_change_that_changes_nothing_does_not_restart_the_rhythm(at_ms):
    for name in ("done", "fault rail", "refused vbus"):
        indicator = Indicator()
        indicator.show(**PICTURES[name])
        frames = play(indicator, at_ms)
        indicator.show(**dict(PICTURES[name], quality=LIMIT, sign=1))
        frames += play(indicator, 8000 - at_ms)
        assert frames == FILMS[name], name


def flashes(name):
    """Colours of the flashes in the first 4 s, in order."""
    colours = [(0, 0, 0)] + [colour for colour, _ in FILMS[name][: 4000 // TICK_MS]]
    return [b for a, b in itertools.pairwise(colours) if b != a and any(b)]


@pytest.mark.req("F-10")
def test_colour_alone_tells_all_apart():
    seen = {}
    for name in PICTURES:
        colours = tuple(flashes(name))
        if not name.startswith(("fault", "refused")):
            # One colour each, at least an eighth of full scale from every other one.
            assert len(set(colours)) == 1, name
            colours = colours[:1]
        assert colours not in seen, (name, seen.get(colours))
        seen[colours] = name
    singles = [colours[0] for colours in seen if len(colours) == 1]
    for one, other in itertools.combinations(singles, 2):
        assert max(abs(x - y) for x, y in zip(one, other)) >= 32, (one, other)


@pytest.mark.req("F-10")
def test_faults_are_red_or_yellow_and_refusals_never_red():
    red, yellow, white = (255, 0, 0), (255, 192, 0), (255, 255, 255)
    for name in PICTURES:
        if name.startswith("fault"):
            assert set(flashes(name)) <= {red, yellow}, name
        if name.startswith("refused"):
            assert set(flashes(name)) <= {yellow, white}, name


@pytest.mark.req("F-10")
def test_every_fault_has_a_code_of_its_own():
    assert {name for name, _ in patterns.FAULTS} == set(faults.NAMES)
    codes = [row[1] for row in patterns.FAULTS + patterns.REFUSALS]
    codes += [patterns.UNKNOWN_FAULT, patterns.UNKNOWN_REFUSAL]
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert 3 <= len(code) <= 5
        steps = patterns.code_steps(code)
        assert sum(steps) == 4000
        assert steps[-1] >= 1000  # the pause that shows where the code begins


@pytest.mark.req("F-10")
def test_every_row_is_reached():
    shown = {
        patterns.row_key(
            arguments["state"],
            arguments.get("sign", 0),
            arguments.get("quality", 0),
            arguments.get("variant", 0),
        )
        for arguments in PICTURES.values()
    }
    assert shown - {"fault", "refused"} == {row[0] for row in patterns.ROWS}


@pytest.mark.req("F-01", "F-10")
def test_charge_sign_is_a_dash_or_a_pair_before_output():
    for state in ("ready", "contact"):
        minus = flashes(f"{state} -1 0" if state == "ready" else f"{state} -1")
        plus = flashes(f"{state} 1 0" if state == "ready" else f"{state} 1")
        assert len(plus) == 2 * len(minus)


@pytest.mark.req("F-10")
def test_more_winks_for_a_worse_contact_and_light_while_current_flows():
    for quality, winks in ((0, 1), (POOR, 2), (RISING, 3), (LIMIT, 4)):
        on = RHYTHMS[f"treating {quality}"]
        assert sum(on) > WINDOW * 2 // 3
        assert winks == sum(not on[at] and on[at - 1] for at in range(WINDOW))


@pytest.mark.req("F-10")
@pytest.mark.parametrize("name", ["no such state", "", "TREATING"])
def test_unheard_of_state_shows_as_a_fault(name):
    frames = film({"state": name})
    assert [colour for colour, _ in frames] == [colour for colour, _ in FILMS["fault ?"]]


@pytest.mark.req("F-10")
@pytest.mark.parametrize("quality", [-1, 4, 99])
def test_quality_out_of_range_is_not_shown_as_good(quality):
    frames = film({"state": "treating", "quality": quality})
    assert frames == FILMS[f"treating {POOR}"]


@pytest.mark.req("F-10")
@pytest.mark.parametrize(
    ("number", "expected"), [(1, "."), (4, "...."), (5, "-"), (7, "-.."), (16, "---.")]
)
def test_product_number_is_blinked_and_beeped_once(number, expected):
    indicator = Indicator()
    indicator.show("ready", -1)
    play(indicator, 1000)
    indicator.show("ready", 1)
    indicator.announce(number)
    frames = play(indicator, 9000)
    white = (255, 255, 255)
    on = [colour == white for colour, _ in frames]
    lengths = [TICK_MS * len(list(group)) for lit, group in itertools.groupby(on) if lit]
    assert "".join("-" if ms >= 300 else "." for ms in lengths) == expected
    beeps = [hz for hz, _ in itertools.groupby(hz for _, hz in frames) if hz]
    assert len(beeps) == len(expected)
    assert {colour for colour, _ in frames[-400:]} == {(255, 0, 255), (0, 0, 0)}


@pytest.mark.req("F-10")
@pytest.mark.parametrize("quarters", range(5))
def test_battery_is_told_in_longs_of_its_own_colour_and_tone(quarters):
    indicator = Indicator()
    indicator.show("ready", 1)
    play(indicator, 1000)
    indicator.level(quarters)
    frames = play(indicator, 6000)
    flashes = [colour for colour, _ in itertools.groupby(colour for colour, _ in frames)]
    assert flashes.count((0x80, 0x80, 0xFF)) == quarters
    heard = [(hz, TICK_MS * len(list(g))) for hz, g in itertools.groupby(hz for _, hz in frames)]
    assert [one for one in heard if one[0]] == [(500, 400)] * quarters
    assert {colour for colour, _ in frames[-400:]} == {(255, 0, 255), (0, 0, 0)}


@pytest.mark.req("F-10")
@pytest.mark.parametrize("battery_mv, quarters", [
    (0, 0), (limits.BATTERY_START_MV - 1, 0), (limits.BATTERY_START_MV, 1), (3649, 1), (3650, 2),
    (3800, 3), (3949, 3), (3950, 4), (4300, 4),
])  # fmt: skip
def test_quarters_of_the_battery(battery_mv, quarters):
    assert patterns.battery_quarters(battery_mv) == quarters


@pytest.mark.req("F-10")
@pytest.mark.parametrize("tell", [lambda one: one.announce(3), lambda one: one.level(3)])
def test_number_and_battery_are_not_told_outside_ready(tell):
    indicator = Indicator()
    indicator.show("fault", 0, fault=faults.RAIL)
    tell(indicator)
    frames = play(indicator, 8000)
    assert frames == FILMS["fault rail"]


@pytest.mark.req("F-12")
def test_idle_dims_without_changing_the_rhythm():
    bright = FILMS["ready -1 0"]
    dim = film({"state": "ready", "sign": -1, "dim": True})
    assert [any(colour) for colour, _ in dim] == [any(colour) for colour, _ in bright]
    assert max(max(colour) for colour, _ in dim) == 31


@pytest.mark.req("F-10")
def test_beeps_of_a_fault_spell_its_code_and_end():
    frames = film({"state": "fault", "fault": faults.LOAD_SHORT}, 20_000)
    heard = [(hz, TICK_MS * len(list(g))) for hz, g in itertools.groupby(hz for _, hz in frames)]
    beeps = [ms for hz, ms in heard if hz]
    assert beeps == [200, 600, 600] * 3
    assert {hz for _, hz in frames[-800:]} == {0}
    assert any(any(colour) for colour, _ in frames[-800:])


@pytest.mark.req("F-03", "F-10")
def test_waiting_for_contact_beeps_as_long_as_it_waits():
    frames = film({"state": "contact", "sign": -1}, 61_000)
    assert any(hz for _, hz in frames[-400:])


@pytest.mark.req("F-10")
def test_chirp_answers_at_once_and_ends():
    indicator = Indicator()
    indicator.show("asleep")
    play(indicator, 1000)
    indicator.chirp(3000, 60)
    tones = [hz for _, hz in play(indicator, 200)]
    assert tones[:12] == [3000] * 12
    assert set(tones[12:]) == {0}


@pytest.mark.req("F-10")
def test_three_chirps_are_three():
    indicator = Indicator()
    indicator.show("asleep")
    play(indicator, 1000)
    indicator.chirp(2600, 60, 3)
    tones = [hz for _, hz in play(indicator, 600)]
    assert [hz for hz, _ in itertools.groupby(tones)] == [2600, 0, 2600, 0, 2600, 0]
    assert tones.count(2600) == 3 * 12


def check_flashes(steps):
    """Play [(action, dt_ms), ...]; from one flash or change of colour to the next >= 334 ms."""
    indicator = Indicator()
    names = sorted(PICTURES)
    before = (0, 0, 0)
    since_ms = 10_000
    for what, number, dt_ms in steps:
        if what == "show":
            indicator.show(**PICTURES[names[number % len(names)]])
        elif what == "announce":
            indicator.announce(1 + number % 16)
        elif what == "level":
            indicator.level(number % 5)
        indicator.step(dt_ms)
        since_ms += dt_ms
        now = light(indicator)
        if any(now) and now != before:
            assert since_ms >= FLASH_MIN_MS
            since_ms = 0
        before = now


@pytest.mark.req("F-10")
@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["show", "announce", "level", "", "", ""]),
            st.integers(0, 1000),
            st.sampled_from([0, 5, 5, 6, 20, 150, 333, 334, 500, 3900]),
        ),
        max_size=200,
    )
)
def test_nothing_flashes_faster_than_3_hz_whatever_happens(steps):
    check_flashes(steps)


@pytest.mark.req("F-10")
@pytest.mark.parametrize("tick_ms", [5, 7, 33, 100])
def test_nothing_flashes_faster_than_3_hz_at_any_tick(tick_ms):
    assert FLASH_MIN_MS * 3 > 1000
    for number in range(len(PICTURES)):
        check_flashes([("show", number, tick_ms)] + [("", 0, tick_ms)] * (4500 // tick_ms))


@pytest.mark.req("F-10", "R-07")
@pytest.mark.parametrize("dt_ms", [-1, 4001, 10**9])
def test_a_clock_that_jumps_does_no_harm(dt_ms):
    indicator = Indicator()
    indicator.show("done")
    for _ in range(10):
        indicator.step(dt_ms)
    assert light(indicator) in ((0, 192, 64), (0, 0, 0))


@pytest.mark.req("F-10", "P-06")
def test_unix_port_same_light_and_no_allocation():
    source = (
        "import micropython\n"
        "from firmware.indicator import Indicator\n"
        "total = [0, 0]\n"
        "def go(shown, state, sign, quality, variant, fault):\n"
        "    for _ in range(1600):\n"
        "        shown.show(state, sign, quality, variant, fault, '', False)\n"
        "        shown.step(5)\n"
        "        total[0] += shown.r + shown.g + shown.b\n"
        "        total[1] += shown.hz\n"
        "def one(state, sign=0, quality=0, variant=0, fault=0):\n"
        "    shown = Indicator()\n"
        "    shown.show(state, sign, quality, variant, fault)\n"
        "    shown.step(5)\n"
        "    total[0] = total[1] = 0\n"
        "    micropython.heap_lock()\n"
        "    try:\n"
        "        go(shown, state, sign, quality, variant, fault)\n"
        "    finally:\n"
        "        micropython.heap_unlock()\n"
        "    print(total)\n"
    )
    expected = ""
    for name in ("ready 1 0", "contact -1", "treating 2", "fault rail", "asleep", "done early"):
        arguments = PICTURES[name]
        source += f"one(**{arguments!r})\n"
        frames = film(arguments, 8005)[1:]
        expected += f"[{sum(sum(colour) for colour, _ in frames)}, {sum(h for _, h in frames)}]\n"
    assert run(source) == expected


# What nobody may take for something else, and by how much the light differs at its most alike.
TREATING = [f"treating {quality}" for quality in range(4)]
CODES = [name for name in PICTURES if name.startswith(("fault", "refused"))]


@pytest.mark.req("F-10", "S-20")
@pytest.mark.parametrize(
    ("ones", "others", "apart_ms"),
    [
        (TREATING, ["lifted"], 1000),
        (TREATING, ["done", "done early", "stopping", "ramping"], 500),
        (TREATING, CODES, 1000),
        (["done", "done early"], CODES, 500),
        (["lifted"], CODES, 600),
        ([name for name in PICTURES if name not in CODES], CODES, 500),
        (["ready -1 0", "ready -1 1", "contact -1"], ["ready 1 0", "ready 1 1", "contact 1"], 500),
    ],
)
def test_what_matters_most_is_furthest_apart(ones, others, apart_ms):
    for one, other in itertools.product(ones, others):
        found = distance(RHYTHMS[one], RHYTHMS[other]) * SAMPLE_MS
        assert found >= apart_ms, (one, other, found)
