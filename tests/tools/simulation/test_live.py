"""What a person sees while a session runs, on a terminal and in a log."""

import io

import synthetic
from rich.console import Console

from ionwand.simulation import live, script

SESSION = script.parse('duration_s = 30\nexpect_end = "complete"')
ROWS = synthetic.session(seconds=0.5, lifts=2)


def play(terminal):
    console = Console(file=io.StringIO(), force_terminal=terminal, width=90, legacy_windows=False)
    with live.View(console, SESSION, "micropython", 75_000) as view:
        for row in ROWS:
            view.row(row)
        console.print(view.render())
    return console.file.getvalue()


def test_log_has_one_line_for_each_change_of_state():
    lines = play(False).splitlines()
    changes = 1 + sum(a.state != b.state for a, b in zip(ROWS, ROWS[1:]))
    stated = [line for line in lines if line[:1].isdigit()]
    assert len(stated) == changes
    assert "lifted" in "".join(stated)


def test_view_shows_everything_of_the_issue():
    text = play(True)
    for word in ("state", "LED", "set", "delivered", "impedance", "dose", "lifts", "fault"):
        assert word in text


def test_lifts_are_counted():
    view = live.View(Console(file=io.StringIO()), SESSION, "cpython", 75_000)
    for row in ROWS:
        view.row(row)
    console = Console(file=io.StringIO(), width=90)
    console.print(view.render())
    line = next(line for line in console.file.getvalue().splitlines() if "lifts" in line)
    assert line.split()[:3] == ["│", "lifts", "2"]


def summary_text(**summary):
    console = Console(file=io.StringIO(), width=90)
    console.print(live.summary_table(summary, SESSION, 2.0))
    return console.file.getvalue()


def test_summary():
    text = summary_text(end="complete", time_s=60.0, dose_uc=75_000, lifts=2, mean_ua=249.96)
    assert "complete" in text and "expected" not in text
    assert "1.2500 mA·min" in text and "30 times real time" in text


def test_summary_of_another_end():
    text = summary_text(end="over_current", fault="over_current")
    assert "over_current (expected complete)" in text
    assert "still running (expected complete)" in summary_text()
