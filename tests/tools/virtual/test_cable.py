"""The page and a wand at the end of a cable: real Chromium, the Unix-port wand behind its PTY.

serial_bridge.mjs is the cable, drive_cable.mjs the person. Whatever is pulled at whatever byte,
the wand is whole and the page says one line.
"""

import json
import shutil
import subprocess
from pathlib import Path

import literal
import pytest
import standin
from click.testing import CliRunner
from real_wand import main as real_main

from ionwand import virtual
from ionwand.cli import main
from ionwand.device import link as cable
from ionwand.device import pty_board, source
from ionwand.errors import BadInput, RunFailed
from ionwand.release import build as builder
from ionwand.treatments import catalogue
from ionwand.treatments.blackbox_read import Row
from ionwand.virtual import bundle, carried

DRIVE = Path(__file__).with_name("drive_cable.mjs")
OUT = source.ROOT / "out"
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
TREATMENT = [
    {"at_s": 2.0, "press_s": 0.2},  # declines the patch test
    {"at_s": 3.0, "press_s": 2.0},
    {"at_s": 7.0, "touch": "hydrated"},
    {"at_s": 30.0, "press_s": 0.2},
    {"at_s": 40.0, "press_s": 0.2},  # the journal is written by then
]

pytestmark = pytest.mark.skipif(
    pty_board.MICROPYTHON is None, reason="MicroPython's Unix port is not installed"
)


@pytest.fixture(scope="session")
def page(tmp_path_factory):
    """(the page with a firmware for the Unix port as well, Chromium)."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None or shutil.which("node") is None:
        pytest.skip("Chromium or Node is missing: the page is not tested")
    try:
        place = tmp_path_factory.mktemp("page") / "virtual-wand.html"
        html = bundle.write(place, ("armv6m", "x64"))
    except (BadInput, RunFailed) as error:
        pytest.skip(f"the page cannot be built, so it is not tested: {error}")
    OUT.mkdir(exist_ok=True)
    return html, chromium


@pytest.fixture
def drive(page):
    """drive(story, port, argument) -> what the story saw."""

    def run(story, port="", argument=""):
        html, chromium = page
        done = subprocess.run(
            ["node", str(DRIVE), str(html), chromium, str(OUT), story, port, str(argument)],
            capture_output=True,
            text=True,
        )
        assert done.stdout.strip(), done.stderr
        seen = json.loads(done.stdout)
        assert "failed" not in seen, f"{seen}\n{done.stderr}"
        assert seen["complaints"] == []
        return seen

    return run


@pytest.fixture
def treated(tmp_path, root):
    """A wand that has treated once and stands still."""
    place = tmp_path / "wand"
    (place / "flash").mkdir(parents=True)
    (place / "main.py").write_text(real_main(root))
    (place / "events.json").write_text(json.dumps([TREATMENT, "ready"]))
    shutil.copy(root / "boot.py", place)
    with pty_board.PtyBoard(place) as board:
        board.wait_until_still()
        yield board


@pytest.fixture
def slotted(tmp_path, root):
    """A wand of another build in slot a: nearly every file differs."""
    old = builder.make(root, arch="x64", strip=True)
    standin.put(old, tmp_path)
    return tmp_path, old, builder.make(root, arch="x64")


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
def test_the_black_box_of_a_session_that_a_fault_has_ended(tmp_path, root, drive):
    place = tmp_path / "wand"
    (place / "flash").mkdir(parents=True)
    (place / "main.py").write_text(real_main(root))
    events = [*TREATMENT[:3], {"at_s": 14.0, "vbus": True}, {"at_s": 16.0, "lift": True},
              {"at_s": 17.0, "vbus": False}, {"at_s": 19.0, "press_s": 3.5}]  # fmt: skip
    (place / "events.json").write_text(json.dumps([events, "ready"]))
    shutil.copy(root / "boot.py", place)
    with pty_board.PtyBoard(place) as board:
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


@pytest.mark.req("S-15")
@pytest.mark.parametrize("bytes_sent", [40, 6000, 60_000])
def test_a_cable_pulled_in_an_update_leaves_old_or_new(slotted, drive, bytes_sent):
    folder, _, _ = slotted
    argument = json.dumps({"button": "update", "bytes": bytes_sent})
    with pty_board.PtyBoard(folder, pty_board.PATIENT) as board:
        board.wait_until_still()
        seen = drive("pulled", board.port, argument)
        assert "connect again" in seen["lost"]["cable-error"] and not seen["connected"]
        with cable.connect(board.port) as link:
            link.run((source.ROOT / "hal" / "manifest.py").read_text())
            used = link.ask("in_use()")
            assert link.ask(f"check_slot({used!r})") is None
            assert link.ask("check(in_use())") is None


@pytest.mark.parametrize(
    "button, bytes_sent",
    [("connect", 3), ("connect", 400), ("status", 30), ("products-push", 200),
     ("sessions-read", 20), ("rollback", 30)],
)  # fmt: skip
def test_a_cable_pulled_in_the_middle_of_anything_is_one_line(
    treated, drive, button, bytes_sent
):
    argument = json.dumps({"button": button, "bytes": bytes_sent})
    seen = drive("pulled", treated.port, argument)
    said = seen["lost"]["cable-error"] + seen["lost"]["products-error"]
    assert "pulled" in said or "no answer" in said, said
    assert not seen["connected"] and seen["lost"]["cable-state"] == "No wand is connected."
    with cable.connect(treated.port) as link:
        assert link.ask("board.gate()") is False
        link.run("from firmware import console")
        assert link.ask("console.sessions(board)") == (1, 1)


def test_a_cable_pulled_while_nothing_goes_on(treated, drive):
    assert "pulled" in drive("idle_pull", treated.port)["cable-error"]


def test_two_tabs_take_turns(treated, drive):
    seen = drive("two_tabs", treated.port)
    assert "another tab" in seen["refused"]["cable-error"]
    assert "Connected: wand" in seen["taken"]["cable-state"]


@pytest.mark.req("S-12")
def test_a_wand_that_treats_is_ended_first(tmp_path, root, drive):
    place = tmp_path / "wand"
    (place / "flash").mkdir(parents=True)
    (place / "main.py").write_text(real_main(root))
    (place / "events.json").write_text(json.dumps([TREATMENT[:3], "treating"]))
    shutil.copy(root / "boot.py", place)
    with pty_board.PtyBoard(place) as board:
        board.wait_until_still()
        seen = drive("idle_pull", board.port)
        assert "it wasTreating" in seen["cable-status"] and "outputoff" in seen["cable-status"]


def test_a_board_without_the_firmware_is_no_wand(tmp_path, drive):
    (tmp_path / "main.py").write_text("")
    with pty_board.PtyBoard(tmp_path) as board:
        board.wait_for(pty_board.PROMPT)
        seen = drive("not_a_wand", board.port)
    assert "no wand's program" in seen["cable-error"] and "ionwand flash" in seen["cable-error"]
    assert not seen["held"], "the port is free again"


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


def test_host_modules_run_on_micropython(tmp_path):
    """As the page lays them out. Chromium's is the same language, and slower to try."""
    for name, text in carried.files().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for name in ("desk", "literal"):
        shutil.copy(virtual.GUEST / f"{name}.py", tmp_path)
    code = f"import sys\nsys.path[:0] = [{str(tmp_path)!r}, {str(source.ROOT)!r}]\nimport desk\n"
    done = subprocess.run(
        [pty_board.MICROPYTHON, "-c", code + "print('whole')"], capture_output=True, text=True
    )
    assert done.stdout.strip() == "whole", done.stderr


@pytest.mark.parametrize(
    "value",
    (None, True, -7, 0, "", "ä\n\\'\"", b"\x00\xff'", [], (), (1,), [1, [2, (3, "x")]],
     {"a": b"b", 1: None}, "\u2028"),
)  # fmt: skip
def test_what_a_wand_prints_is_read(value):
    assert literal.read(f" {value!r}\r\n") == value


@pytest.mark.parametrize(
    "text",
    ("", "x", "__import__('os')", "1 2", "[1", "'a", "b'\\q'", "{1}", "1.5", "[" * 20, "--1"),
)
def test_nothing_else_is_read_and_nothing_is_run(text):
    with pytest.raises(ValueError):
        literal.read(text)


@pytest.mark.req("F-10")
def test_nothing_for_axe_to_find(treated, drive):
    seen = drive("looks", treated.port)
    assert seen["found"] == {name: [] for name in seen["found"]}
    assert seen["wide"] <= 390
    assert seen["walked"]["missed"] == [] and seen["walked"]["unseen"] == []
