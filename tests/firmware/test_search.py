"""Is there skin, and how is it looked for: what is no answer, what ends a probe [S-21, F-03]."""

import pytest
from plain_board import PlainBoard

from firmware import contact, products, search, treatment
from firmware.calibration import Calibration
from firmware.limits import HOP_MS, SEARCH_FRAMES
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
