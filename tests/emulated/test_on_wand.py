"""What a wand at the end of a cable is asked, asked of the emulated one."""

import re
import tomllib

import on_chip
import pytest


@pytest.fixture(scope="module")
def said(uf2, shared):
    return shared("on_wand", lambda: on_chip.run(uf2))


@pytest.mark.req("P-03", "P-08", "S-12", "S-15")
def test_every_case_passes(said):
    ends = dict(re.findall(r"^(test_\w+) \(.*\) \.\.\. (.*?)\r?$", said["text"], re.MULTILINE))
    asked = re.findall(r"^    def (test_\w+)", on_chip.CASES.read_text(), re.MULTILINE)
    assert ends == dict.fromkeys(asked, "ok"), said["text"]
    assert said["figures"]["heap_free_b"] >= 120 * 1024


def test_what_stands_beside_a_real_wands_figures(said):
    """As on_chip.py wrote it, near enough for another version of MicroPython."""
    told = tomllib.loads(on_chip.CASES.with_name("emulated.toml").read_text())
    assert said["figures"].keys() == told.keys()
    for name, value in told.items():
        assert said["figures"][name] == pytest.approx(value, rel=0.3, abs=2), name
