"""The page and a wand at the end of a cable: real Chromium, the Unix-port wand behind its PTY."""

import json

import pytest
from click.testing import CliRunner

from ionwand.cli import main
from ionwand.device import pty_board
from ionwand.errors import BadInput
from ionwand.treatments import catalogue
from ionwand.treatments.blackbox_read import Row

QUICK = """
[[product]]
id = "quick"
name = "A quick gel"
acid_pka = [4.1, 11.8]
ph = 7.0
current_ua = 100
time_s = 12
dose_uc = 0
notes = "From the fridge ✓"
"""

pytestmark = pytest.mark.skipif(
    pty_board.MICROPYTHON is None, reason="MicroPython's Unix port is not installed"
)


@pytest.mark.req("F-02", "F-11", "F-13")
def test_status_catalogue_journal_and_report(treated, drive, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text(QUICK)
    seen = drive("whole", treated.port, mine)
    connected = seen["connected"]
    assert "a checkout" in connected["cable-status"] and "valid" in connected["cable-status"]
    assert "Connected: wand" in connected["cable-state"] and connected["cable-error"] == ""
    assert "keeps one session." in connected["sessions-note"]
    assert "stopped" in connected["sessions"] and "treatment" in connected["sessions"]
    assert "Treatment: Sodium ascorbyl phosphate" in seen["report"]
    assert "A-1 <b>" in seen["report"] and "A-1 &lt;b&gt;" in seen["html"]
    assert "l.svg is missing" in seen["alone"], "a logo is chosen together with its file"
    assert "Market <i>" in seen["report"] and "Next time" in seen["report"]
    assert 'src="data:image/svg+xml;base64,' in seen["html"] and "Market &lt;i&gt;" in seen["html"]
    assert "minutes since arming" in seen["html"] and ", wand" in seen["report"]
    assert seen["sheets"] == 1, "one sheet of paper"
    assert seen["csv"].splitlines()[0].endswith("t_s,set_ua,delivered_ua,z_ohm")
    assert "precautions" in seen["refused"]
    assert "catalogue no. 1" in seen["pushed"]["products-said"]
    assert "100 % ionised" in seen["pushed"]["products-checked"]
    pulled = seen["pulled"]
    assert 'notes = "From the fridge ✓"' in pulled and "ion_charge = -1.0" in pulled
    assert seen["left"] == "No wand is connected."
    treated.wait_until_still(2)  # it starts anew
    told = CliRunner().invoke(main, ["products", "list", "--port", treated.port])
    assert "A quick gel" in told.output


@pytest.mark.req("F-11")
def test_the_black_box_of_a_session_that_a_fault_has_ended(treating, treatment, drive):
    events = [*treatment[:3], {"at_s": 14.0, "vbus": True}, {"at_s": 16.0, "lift": True},
              {"at_s": 17.0, "vbus": False}, {"at_s": 19.0, "press_s": 3.5}]  # fmt: skip
    with pty_board.PtyBoard(treating(events, "ready")) as board:
        board.wait_until_still()
        seen = drive("black_box", board.port)
    assert seen["told"].startswith("Session 1, black box of vbus: first to differ: ")
    assert seen["german"].startswith("Sitzung 1, Blackbox zu vbus: zuerst abgewichen: ")
    first, *rows = seen["csv"].splitlines()
    assert first == ",".join(Row._fields) and len(rows) > 400
    assert len(seen["whole"]) == len(seen["near"]) == 2, "two charts"
    assert min(seen["whole"] + seen["near"]) > 1000, "pixels that are drawn"
    assert seen["whole"] != seen["near"]
    assert any(",fault,0," in row for row in rows) and any(",treating,1," in row for row in rows)


@pytest.mark.req("S-15")
def test_update_and_rollback(slotted, drive):
    folder, old, build = slotted
    with pty_board.PtyBoard(folder, pty_board.PATIENT) as board:
        board.wait_until_still()
        seen = drive("update", board.port)
    assert f"slot a: {old.name}" in seen["before"] and "slot b: empty" in seen["before"]
    assert f"-> {build.name} in slot b" in seen["after"]["firmware-slots"]
    assert f"slot b: {build.name} in use" in seen["after"]["firmware-slots"]
    assert "in use already" in seen["again"]
    assert f"back to {old.name}" in seen["back"]["firmware-slots"]
    assert seen["most"] > 0, "progress was shown"
    assert (folder / "slot").read_text() == "a"
    print(f"update over the PTY: {seen['ms']} ms, {seen['sent']} bytes written in all")


def test_the_page_checks_a_catalogue_as_the_host_does(drive, tmp_path):
    cases = [
        QUICK,
        QUICK.replace("7.0", "2.1"),
        QUICK.replace("100", "100.0"),
        QUICK.replace("100", "600"),
        QUICK.replace("quick gel", "lidocaine gel"),
        QUICK.replace("ph = 7.0", ""),
        QUICK.replace("ph = 7.0", "ph = nan"),
        QUICK.replace('"quick"', '"quick'),
        QUICK + QUICK,
        "products = 1",
        catalogue.DEFAULT.read_text(),
    ]
    found = drive("checks", "", json.dumps(cases))["found"]
    for text, seen in zip(cases, found):
        path = tmp_path / "c.toml"
        path.write_text(text)
        try:
            for one in catalogue.load(path):
                assert one.words in seen["products-checked"]
            assert "all accepted" in seen["products-said"] and seen["products-error"] == ""
        except BadInput as error:
            ours = str(error).removeprefix(f"{path}: ")
            if "line" in ours:  # TOML readers word their complaints each in their own way
                assert seen["products-error"]
            else:
                assert seen["products-error"].replace("'NaN'", "nan") == ours


@pytest.mark.req("F-10")
def test_nothing_for_axe_to_find(treated, drive):
    seen = drive("looks", treated.port)
    assert seen["found"] == {name: [] for name in seen["found"]}
    assert seen["wide"] <= 390
    assert 20 < seen["highest"] < 150, "what was checked is read, not scrolled to, on a phone"
    assert seen["walked"]["missed"] == [] and seen["walked"]["unseen"] == []
