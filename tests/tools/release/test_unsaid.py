"""The chip's table of lights has no words, and is the table otherwise."""

from ionwand.device import source
from ionwand.release import unsaid


def tables(text):
    there = {}
    exec(text, there)
    return there["ROWS"], there["REFUSALS"], there["FAULTS"]


def test_only_the_words_are_gone_and_no_line_moves(root):
    text = (root / "firmware/patterns.py").read_text()
    source.products()  # puts the firmware's own modules on the path
    rows, refusals, faults = tables(text)
    silent = unsaid.silent(text)
    assert len(silent.splitlines()) == len(text.splitlines())
    assert tables(silent) == (
        tuple((row[0], "", *row[2:]) for row in rows),
        tuple((*row[:2], "") for row in refusals),
        faults,
    )
    assert all(row[1] for row in rows) and all(row[2] for row in refusals)


def test_the_session_knows_how_many_events_there_are(root):
    text = (root / "firmware/session.py").read_text()
    there, silent = {}, {}
    exec(text, there)
    exec(unsaid.silent(text), silent)
    assert silent["EVENTS"] == ("",) * len(there["EVENTS"])
    assert silent["STATES"] == there["STATES"] and silent["_FOLLOWING"] == there["_FOLLOWING"]


def test_nothing_on_the_wand_asks_for_them(root):
    for path in [*(root / "firmware").glob("*.py"), *(root / "hal" / "rp2").glob("*.py")]:
        text = path.read_text()
        assert "EVENTS" not in text or path.name == "session.py", path.name
        assert "patterns.ROWS" not in text and ".REFUSALS[" not in text, path.name
    code = (root / "firmware" / "indicator.py").read_text()
    assert "patterns.row(" in code and "[1]" not in code
