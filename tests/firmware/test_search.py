"""Is there skin, and how is it looked for: what is no answer, what ends a probe [S-21, F-03]."""

import pytest
from plain_board import PlainBoard
from whole_wand import HOLD, TOUCH, Wand

from firmware import contact, products, search, session, treatment
from firmware.calibration import Calibration
from firmware.guard import SN_LIFTED
from firmware.limits import GONE_MOST, HOP_MS, SEARCH_FRAMES
from firmware.output import Output


class Reading:
    """What a frame of the precise converter says."""

    def __init__(self, load_mv, load_na, opened=False):
        self.load_mv = load_mv
        self.load_na = load_na
        self.open = opened


@pytest.mark.req("S-21", "F-03")
@pytest.mark.parametrize("load_na", [0, 1000, 30_000])
def test_a_current_that_is_no_dividers_finds_nothing(load_na):
    """No supply, a broken path, or more than a search drives: the guard judges that."""
    looking = search.Search()
    for _ in range(3 * SEARCH_FRAMES):
        assert not looking.step(Reading(20, load_na), 47_000)


@pytest.mark.req("F-03", "S-04")
def test_an_open_frame_ends_a_probe_that_the_guard_has_not_ended():
    probe = contact.Probe()
    probe.step(Reading(0, 0), False, False, True, 5, 47_000)
    for _ in range(8):  # 20 kΩ beside the bleed
        verdict = probe.step(Reading(40, 2_400), True, False, True, 5, 47_000)
        if verdict == contact.ON:
            break
    assert verdict == contact.ON
    assert probe.step(Reading(27_000, 0, True), True, False, True, 5, 47_000) == contact.OFF


def probing():
    """A probe that has found something, and drives its 20 µA."""
    probe = contact.Probe()
    verdict = contact.OFF
    while verdict != contact.ON:
        verdict = probe.step(Reading(40, 2_400), True, False, True, 5, 47_000)
    return probe


@pytest.mark.req("F-03")
def test_more_than_300_kohm_is_no_contact_and_ends_the_probe_in_its_time():
    probe = probing()
    dry = Reading(8_000, 20_000)  # 400 kΩ
    verdicts = [probe.step(dry, True, False, True, 5, 47_000) for _ in range(400)]
    assert verdicts == 399 * [contact.ON] + [contact.OFF]
    assert probe.z_ohm == -1


@pytest.mark.req("S-08", "F-07")
def test_what_flowed_longer_ago_than_a_hop_counts_for_nothing():
    output = Output(PlainBoard(), Calibration())
    treated = treatment.Treatment(output)
    treated.begin(products.DEFAULT[0])
    treated.search()
    treated._flowed_na = 250_000
    treated.impedance.z_ohm = 20_000
    assert treated._away_ms == HOP_MS
    treated.resume()
    assert not treated._steep


@pytest.mark.req("S-21", "F-03")
@pytest.mark.parametrize("drive_na", [0, search.SEARCH_NA])
def test_skin_that_only_one_of_both_levels_shows_is_found(drive_na):
    """Electrodes of dry skin that have charged to what an open output reads at the other level."""
    looking = search.Search()
    found = False
    frames = 0
    while not found and frames < 6 * SEARCH_FRAMES:
        load_na = 2400 + looking.drive_na
        off_mv = 8 if looking.drive_na == drive_na else 0
        found = looking.step(Reading(load_na * 47 // 1000 - off_mv, load_na), 47_000)
        frames += 1
    assert 2 * SEARCH_FRAMES < frames < 4.5 * SEARCH_FRAMES


@pytest.mark.req("S-21", "F-03")
def test_one_look_that_differs_is_no_skin():
    looking = search.Search()
    for frames in range(6 * SEARCH_FRAMES):
        load_na = 2400 + looking.drive_na
        off_mv = 8 if frames < SEARCH_FRAMES else 0
        assert not looking.step(Reading(load_na * 47 // 1000 - off_mv, load_na), 47_000)


def look(looking, off_share):
    """Whether one look finds something that reads so much of 1024 beside an open output."""
    found, looked = False, 0
    level_na = looking.drive_na
    while looking.drive_na == level_na:
        load_na = 2400 + looking.drive_na
        open_mv = load_na * 47 // 1000
        # Between two readings, as a mean is.
        spread = (looked % 8 < 4) - 0.5
        found = looking.step(
            Reading(round(open_mv * (1 + off_share / 1024) + spread), load_na), 47_000
        )
        looked += 1
        assert looked < 2 * SEARCH_FRAMES
    return found


@pytest.mark.req("S-21", "F-03")
def test_what_the_air_reads_is_learned_but_never_so_much_that_skin_would_be():
    """The proof's mean of 50 frames is 3 % wrong: looks would find skin where there is none."""
    looking = search.Search()
    for off_share in (-30, -30, -30, -30, -50, -50, -50, -50):
        assert not look(looking, off_share)
    for _ in range(20):  # as slowly as gel dries: what is learned ends at 2.5 %
        look(looking, -55)
    look(looking, -80)
    look(looking, -80)
    assert look(looking, -80)


@pytest.mark.req("S-21", "F-03")
@pytest.mark.parametrize("off_share", [1024, 8000])
def test_a_voltage_far_above_an_open_output_is_not_learned(off_share):
    looking = search.Search()
    looking.frames_tell = False
    found = [look(looking, off_share) for _ in range(3)]
    assert found[2] and looking._air_low == looking._air_high == 0


@pytest.mark.req("S-21", "F-03")
@pytest.mark.parametrize("seed", [1, 3, 4, 6])
def test_air_is_never_skin_and_dry_skin_is_found(seed):
    """Drawn and nominal wands, hum and ripple that fit no whole number of frames."""
    wand = Wand(HOLD, TOUCH, seed=seed, parts=seed if seed % 2 else None)
    wand.until("treating")
    wand.world.lift()
    wand.run(0.3)
    until_s = wand.now_s + 24.0
    while wand.now_s < until_s:
        wand.tick()
        assert wand.state == "lifted" and not wand.app.treatment.probe.climbs
    wand.world.plan({"at_s": until_s + 0.001, "touch": "resistor:500000"})
    wand.run(0.3)
    while not wand.app.treatment.probe.climbs:
        wand.tick()
        assert wand.now_s < until_s + 3.0


def climbing(**others):
    """A wand that has found skin, its current on the way to where the bleed opens."""
    wand = Wand(HOLD, dict(TOUCH, at_s=5.01), **others)
    wand.until("contact")
    while not (wand.app.treatment.probe.climbs and wand.app.output.regulator.setpoint_na > 2000):
        wand.tick()
    assert not wand.world.plant.bleed_opens
    return wand


@pytest.mark.req("S-21", "S-04")
def test_who_lifts_just_before_the_bleed_opens_keeps_it_closed():
    """It opened on the open output: 1.4 V and 1 nC for who touched in that half millisecond."""
    wand = climbing()
    wand.world.lift()
    for _ in range(40):
        wand.tick()
        assert abs(wand.world.plant._v) < 0.25
    assert not wand.app.treatment.probe.climbs


def doubted():
    """A treatment, and its output that reads as open as one that drives 1.6 µA."""
    treated = climbing().app.treatment
    treated._output = output = Output(PlainBoard(), Calibration())
    output.fresh = True
    output.regulator.setpoint_na = 4_000
    output.measurement.load_na = 4_000
    output.measurement.load_mv = 188
    assert output.gone and not treated._gone() and treated._doubt
    output.regulator.setpoint_na = output.measurement.load_na = 2_400
    return treated, output


def settled(treated, output):
    """What is known after the frames that it takes."""
    output.fresh = False
    assert not treated._gone()
    output.fresh = True
    while treated._doubt > 1:
        assert not treated._gone()
    return treated._gone()


@pytest.mark.req("S-21", "F-03")
def test_an_open_output_reads_less_where_less_is_driven_and_electrodes_do_not():
    treated, output = doubted()
    output.measurement.load_mv = 113
    assert settled(treated, output) and treated._gone_times == 1
    treated, output = doubted()
    output.measurement.load_mv = 145
    assert not settled(treated, output)
    assert treated._gone_times == 1 and not output.gone


@pytest.mark.req("F-03")
def test_electrodes_that_hold_what_an_open_output_reads_are_no_standstill():
    """Called off some times, then believed: the guard would see a lift."""
    treated, output = doubted()
    output.measurement.load_mv = 113
    for _ in range(GONE_MOST - 1):
        assert settled(treated, output)
        treated._doubt, treated._doubt_mv, treated._doubt_na = 4, 0, 0
    assert settled(treated, output) and treated._gone_times == GONE_MOST
    output.regulator.setpoint_na = output.measurement.load_na = 4_000
    output.measurement.load_mv = 188
    assert output.gone and not treated._gone() and not treated._doubt


@pytest.mark.req("F-03", "F-07")
def test_who_touches_on_while_electrodes_read_as_an_open_output_is_told_nothing():
    """Five of a hundred drawn people were told that the roller had left, as their ramp began."""
    wand = climbing(noise=0.0)  # one or two frames see it, and hum may hide it from both
    plant, treated = wand.world.plant, wand.app.treatment

    def holds():
        plant.skin.v_dl = 0.19  # 0.18 and 0.20 do as well
        plant.advance(0)
        wand.tick()

    while not (treated._doubt or plant.bleed_opens):
        holds()
    assert treated._doubt
    while treated._doubt:
        holds()
    assert treated._gone_times == 1 and treated.probe.climbs
    wand.until("treating", within_s=8)


@pytest.mark.req("S-21", "F-03")
def test_a_doubt_ends_where_the_guard_cuts_first():
    """Else the next climb would begin with the frames of the last one."""
    wand = climbing()
    treated = wand.app.treatment
    treated._doubt = 3
    wand.app.output.snapshot[SN_LIFTED] = 1
    assert treated.searching(session.CONTACT, 5) == -1
    assert treated._doubt == 0 and not wand.app.output.on
