"""Playing live is exact: what was done, run again as a script, is the same session."""

import io
import json

import pytest
import scriptfile
import sessions
import wand_on_page

from ionwand.treatments import journal


def live(*acts, ticks=400):
    """A wand that lived through `acts`, with `ticks` before each and after the last."""
    played = wand_on_page.Wand(wand_on_page.live("vitamin-c"))
    played.advance(ticks)
    for act in acts:
        act(played)
        played.advance(ticks)
    return played


def run(job):
    rows = []
    replayed = wand_on_page.Wand(job, rows.append)
    while replayed.advance(100):
        pass
    return replayed, rows


STORIES = {
    "press and treat": (
        lambda w: w.press(),
        lambda w: w.release(),
        lambda w: w.act("touch", "hydrated"),
        lambda w: w.act("lift", True),
        lambda w: w.act("touch", "dry"),
        lambda w: w.press(),
    ),
    "fault and reset": (
        lambda w: w.act("press_s", 1.8),
        lambda w: w.act("touch", "hydrated"),
        lambda w: None,
        lambda w: w.act("fault", "mcu_hang"),
        lambda w: w.act("vbus", True),
    ),
    "supply": (lambda w: w.act("battery_mv", 3400), lambda w: w.act("press_s", 1.8)),
}


@pytest.mark.parametrize("story", STORIES)
def test_a_session_runs_again_from_its_script(story):
    played = live(*STORIES[story])
    text = scriptfile.write(played.script())
    replayed, rows = run(scriptfile.read(text))
    before, after = played.frame(), replayed.frame()
    # The script ends a millisecond later than the last tick, as events are planned for then.
    for key in ("state", "end", "first", "dose", "set", "z", "lifts", "contact", "injected"):
        assert after[key] == before[key], key
    assert rows[-1].split(",")[1] == before["state"]


def test_a_press_without_end_lasts():
    played = live(lambda w: w.press())
    assert played.frame()["pressed"]
    played.release()
    played.advance(2)
    assert not played.frame()["pressed"]
    assert played.events == [{"at_s": 2.001, "press_s": 2.0}]


def test_quick_click_before_any_time_passed():
    played = wand_on_page.Wand(wand_on_page.live("vitamin-c"))
    played.advance(400)
    played.press()
    played.release()
    played.advance(3)
    assert not played.frame()["pressed"]
    assert played.events[0]["press_s"] > 0


def test_unknown_fault_is_refused():
    with pytest.raises(ValueError):
        live().act("fault", "gremlin")


def test_frame_is_plain_and_takes_samples_along():
    played = live(ticks=200)
    frame = json.loads(json.dumps(played.frame()))
    assert len(frame["samples"]) == 7 * 20
    assert [entry[1] for entry in frame["log"]] == ["selftest", "ready"]
    assert played.frame()["samples"] == []
    assert frame["light"][1] == "", "the product's number"
    played.advance(300)
    assert played.frame()["light"][1] == "ready, anions (-)"
    assert len(frame["guard"]) == len(wand_on_page.GUARD_ROWS)


@pytest.mark.req("F-11")
def test_journal_is_the_one_that_ionwand_pulls():
    job = {**wand_on_page.live("vitamin-c", new=True), "duration_s": 60.0}
    job["events"] = [
        {"at_s": 2.0, "press_s": 1.8},
        {"at_s": 5.5, "touch": "hydrated"},
        {"at_s": 12.0, "press_s": 0.2},
        {"at_s": 16.0, "press_s": 1.8},
        {"at_s": 24.0, "fault": "rset_short"},
    ]
    played, _ = run(job)
    ring = played.app.logbook.ring
    assert [(row["number"], row["patch"], row["why"]) for row in sessions.table(ring)] == [
        (2, True, "over_current, comparator"),
        (1, True, "stopped"),
    ]
    theirs = io.StringIO()
    journal.write_csv(sessions.kept(ring), theirs)
    assert sessions.csv(ring) == theirs.getvalue()
    again = wand_on_page.Wand(wand_on_page.live("magnesium"), files=played.world.files)
    assert again.frame()["sessions"] == 2


@pytest.mark.req("F-11")
def test_after_a_patch_test_its_own_dose_is_shown():
    job = {**wand_on_page.live("vitamin-c", new=True), "duration_s": 80.0}
    job["events"] = [{"at_s": 2.0, "press_s": 1.8}, {"at_s": 5.5, "touch": "hydrated"}]
    played, _ = run(job)
    frame = played.frame()
    assert (frame["state"], frame["end"]) == ("done", "complete")
    # Its minute begins with the skin's measurement, 0.8 to 2.4 s at 20 µA and less, and the ramp.
    assert frame["full_uc"] == 100 * 60 and 0.95 < frame["dose"] / frame["full_uc"] < 1.0
    assert played.app.product.setpoint_ua == 250, "the treatment comes next"


@pytest.mark.req("F-10")
def test_an_empty_battery_is_shown_and_refused_before_arming():
    played = live(lambda w: w.act("battery_mv", 3200))
    assert played.frame()["battery"] < 3300 and played.light()[0] == "ready- battery"
    played.act("press_s", 1.8)
    played.advance(800)
    frame = played.frame()
    assert (frame["state"], frame["end"]) == ("refused", "battery_low")
    assert not any(state == "proving" for _, state, _ in frame["log"])


@pytest.mark.req("S-16", "F-10")
@pytest.mark.parametrize("mv, low", [(3400, True), (3600, False)])
def test_what_the_page_calls_empty_is_what_arming_refuses(mv, low):
    before = live(lambda w: w.act("battery_mv", mv)).frame()
    assert (before["state"], before["low"]) == ("ready", low)
    after = live(lambda w: w.act("battery_mv", mv), lambda w: w.act("press_s", 1.8)).frame()
    assert (after["state"] == "refused") == low
