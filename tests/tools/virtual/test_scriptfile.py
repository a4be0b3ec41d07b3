"""The page's reader of scripts takes what ionwand's takes, and refuses what that refuses."""

import pytest
import scriptfile

from ionwand.device import source
from ionwand.errors import BadInput
from ionwand.simulation import script

HEAD = 'duration_s = 20\nexpect_end = "complete"\n'
EVENT = HEAD + "[[event]]\nat_s = 1.0\n"
GOOD = (
    HEAD,
    HEAD + "product = \"magnesium\" # a comment\nskin = 'resistor:2000'",
    HEAD + 'skin = "drawn:7"',
    EVENT + "press_s = 0.1",
    EVENT + "lift = true # up",
    EVENT + 'grip = "loose"',
    EVENT + "vbus = false",
    EVENT + "battery_mv = 3_300",
    EVENT + 'touch = "dry"\n[[event]] # two\nat_s = 2\nclear = "rset_short"',
)
BAD = (
    "",
    "duration_s = 20",
    HEAD + "skn = 1",
    HEAD + 'skin = "wet"',
    HEAD + 'skin = "drawn:-1"',
    HEAD + 'product = "snake-oil"',
    HEAD + "product = 3",
    HEAD + "[event]",
    HEAD + "duration_s = 3",
    'duration_s = nan\nexpect_end = "complete"',
    'duration_s = -1\nexpect_end = "complete"',
    'duration_s = 0\nexpect_end = "complete"',
    'duration_s = true\nexpect_end = "complete"',
    'duration_s = 20\nexpect_end = "bored"',
    'duration_s = 20\nexpect_end = "complete',
    "rubbish",
    EVENT,
    EVENT + "lift = false",
    EVENT + "press_s = 0",
    EVENT + "vbus = 1",
    EVENT + "battery_mv = 3300.5",
    EVENT + 'fault = "gremlin"',
    EVENT + "touch = 5",
    EVENT + 'grip = "wet"',
    EVENT + "lift = true\npress_s = 1",
    HEAD + "[[event]]\nlift = true",
    HEAD + "[[event]]\nat_s = 21\nlift = true",
)


@pytest.mark.parametrize("path", sorted(source.SCENARIOS.glob("*.toml")), ids=lambda p: p.stem)
def test_scenarios_are_read_alike_and_survive_writing(path):
    text = path.read_text(encoding="utf-8")
    job = scriptfile.read(text)
    assert job == script.parse(text).job()
    assert script.parse(scriptfile.write(job)).job() == job
    assert scriptfile.read(scriptfile.write(job)) == job


@pytest.mark.parametrize("text", GOOD)
def test_good(text):
    assert scriptfile.read(text) == script.parse(text).job()


@pytest.mark.req("R-07")
@pytest.mark.parametrize("text", BAD)
def test_bad_gives_one_line(text):
    with pytest.raises(BadInput):
        script.parse(text)
    with pytest.raises(ValueError) as caught:
        scriptfile.read(text)
    assert str(caught.value) and "\n" not in str(caught.value)
