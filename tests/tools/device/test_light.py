"""docs/operation.md is current, complete, and promises nothing."""

import pytest

from firmware import faults, patterns
from ionwand.device import light
from ionwand.treatments import kept

PAGE = light.PAGE.read_text(encoding="utf-8")


@pytest.mark.req("F-10")
def test_page_is_what_the_table_makes_of_it():
    assert light.current(PAGE) == PAGE, "run: python -m pages.operation"


@pytest.mark.req("F-10")
def test_every_pattern_is_on_the_page():
    for row in patterns.ROWS:
        assert f"| {row[1]} |" in PAGE
    for name, _code in patterns.FAULTS:
        meaning, helps = light.FAULTS[name]
        assert f"| {name} | {meaning} | {helps or 'service'} |" in PAGE
        recoverable = bool(faults.RECOVERABLE >> faults.NAMES.index(name) & 1)
        assert recoverable == bool(helps)
    for gesture in ("short press", "hold 1.5 s", "hold 3 s", "any press from arming on"):
        assert gesture in PAGE


@pytest.mark.req("F-10")
def test_drawn_rhythms_are_as_distinct_as_the_real_ones():
    drawn = [light.rhythm(row[3]) for row in patterns.ROWS]
    drawn += [light.rhythm(patterns.code_steps(code))
              for table in (patterns.REFUSALS, patterns.FAULTS)
              for code in (row[1] for row in table)]  # fmt: skip
    assert len(set(drawn)) == len(drawn)
    assert {len(one) for one in drawn} == {40}


@pytest.mark.req("F-04")
def test_precautions_of_the_brief():
    for text in (PAGE, "\n".join(kept.PRECAUTIONS)):
        for word in ("small patch", "broken or irritated", "around the eyes", "pacemaker",
                     "metal implants", "pregnancy", "peel"):  # fmt: skip
            assert word in text
