"""What a wand can be asked at the end of a cable: is it off, is it whole, does it compute right?

The cases themselves are on_wand.py's; they run on the wand, with its own interpreter.
"""

import re

import pytest
from conftest import HERE


def req(*ids):
    return pytest.mark.req(*ids)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param("test_it_is_off_after_an_interrupt", marks=req("S-12")),
        pytest.param("test_its_files_are_as_built", marks=req("S-15")),
        pytest.param("test_its_console_is_there", marks=req("F-13")),
        pytest.param(
            "test_its_guard_feeds_and_trips_with_the_heap_locked", marks=req("S-02", "P-03")
        ),
        pytest.param("test_its_roller_has_the_sign_that_pushes", marks=req("F-01")),
        pytest.param("test_a_record_survives_being_written_and_read", marks=req("S-13")),
        pytest.param("test_its_bytecode_fits_its_interpreter"),
        pytest.param("test_its_counters", marks=req("P-03")),
        pytest.param("test_its_converters"),
    ],
)
def test_on_the_wand(answers, case):
    said = answers.cases[case]
    if said.startswith("skipped"):
        pytest.skip(said)
    assert said == "ok", answers.text


def test_every_case_is_asked_for(answers):
    names = set(re.findall(r"^    def (test_\w+)", (HERE / "on_wand.py").read_text(), re.M))
    assert set(answers.cases) == names


@pytest.mark.req("P-08")
def test_it_has_room_left(answers):
    assert int(answers.figures["heap_free_b"]) >= 120 * 1024
