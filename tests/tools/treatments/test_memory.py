"""products and journal commands against a folder of records, and against a wand behind a PTY."""

import csv
import io
import shutil

import pytest
from click.testing import CliRunner
from treated_wand import MAIN

from firmware import journal, products, store
from firmware.faults import NAMES
from firmware.ring import Ring
from ionwand.cli import main
from ionwand.device import memory
from ionwand.device.pty_board import MICROPYTHON, PtyBoard
from ionwand.errors import BadInput
from ionwand.treatments import catalogue, session_words


def call(*args):
    return CliRunner().invoke(main, [str(one) for one in args])


def session(folder, end="complete", faults=0, seconds=20):
    record = journal.Record()
    record.begin(products.DEFAULT[0], 3900)
    for second in range(seconds):
        record.highest(249)
        record.sample(250, 0 if 5 <= second < 8 else 249, 50_000 - 100 * second)
    record.lift()
    record.end(end, 4200, 17_000, 21_000, 3890, faults, faults)
    ring = Ring(folder.read, folder.write)
    ring.open()
    ring.append(record)


@pytest.fixture
def folder(tmp_path):
    place = memory.Folder(tmp_path / "wand")
    session(place)
    session(place, "fault", 1 << 3)
    session(place, "no_contact", seconds=0)
    return place


@pytest.mark.req("F-11")
def test_show_csv_and_json(folder, tmp_path):
    shown = call("journal", "show", "--file", folder.path)
    assert shown.exit_code == 0 and "no contact" in shown.stdout and "fault: " in shown.stdout
    path = tmp_path / "j.csv"
    assert call("journal", "pull", path, "--file", folder.path).exit_code == 0
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    assert [row["number"] for row in rows] == ["1"] * 20 + ["2"] * 20 + ["3"]
    assert rows[0]["delivered_ua"] == "249" and rows[0]["end"] == "complete"
    assert rows[20]["fault"] != "" and rows[40]["set_ua"] == ""
    assert call("journal", "pull", tmp_path / "j.json", "--file", folder.path).exit_code == 0
    assert call("journal", "pull", tmp_path / "j.txt", "--file", folder.path).exit_code == 2


@pytest.mark.req("F-11")
def test_report_is_one_whole_file(folder, tmp_path):
    path = tmp_path / "r.html"
    made = call("journal", "report", path, "--file", folder.path, "--session", 1,
                "--reference", "<b>4711</b>")  # fmt: skip
    assert made.exit_code == 0, made.output
    text = path.read_text()
    assert "<svg" in text and "Sodium ascorbyl phosphate" in text and "complete" in text
    assert "&lt;b&gt;4711" in text and "<b>4711" not in text
    assert "src=" not in text and "<script" not in text and "<link" not in text
    assert call("journal", "report", path, "--file", folder.path).exit_code == 0
    missing = call("journal", "report", path, "--file", folder.path, "--session", 9)
    assert missing.exit_code == 2 and "kept are 1 to 3" in missing.stderr


@pytest.mark.req("F-11")
def test_report_says_in_words_why_it_ended(folder, tmp_path):
    path = tmp_path / "r.html"
    for number, words in ((1, "delivered in full"), (2, "The wand cut the current: "),
                          (3, "off the skin for 60 s")):  # fmt: skip
        assert call("journal", "report", path, "--file", folder.path, "--session",
                    number).exit_code == 0  # fmt: skip
        assert words in path.read_text()
    assert "there are no curves" in path.read_text()


@pytest.mark.req("F-11")
def test_every_end_and_fault_has_words():
    for end in journal.ENDS:
        said = why_words({"end": end, "first_fault": 0, "faults": 0})
        assert said or end in ("", "fault")
    for bit in range(len(NAMES)):
        said = why_words({"end": "fault", "first_fault": 1 << bit, "faults": 1 << bit})
        assert said.startswith("The wand cut the current: ") and "unknown" not in said


@pytest.mark.req("F-06", "F-11")
def test_time_over_at_too_little_current_is_not_called_delivered():
    assert "resistance" in session_words.words("complete", True)
    assert "in full" in session_words.words("complete")
    assert "Stopped" in session_words.words("stopped", True)


def why_words(one):
    return session_words.words(session_words.why(one))


@pytest.mark.req("F-02", "F-11")
def test_report_names_the_product_as_the_wand_did(folder, tmp_path):
    """After a push the wand's entry of that name may be another one: the id alone stands then."""
    path = tmp_path / "r.html"
    report_of = ("journal", "report", path, "--file", folder.path, "--session", 1)
    assert call("products", "push", "--yes", "--file", folder.path).exit_code == 0
    assert call(*report_of).exit_code == 0
    assert "Treatment: vitamin-c" in path.read_text()
    folder.write("catalogue.a", b"x" * 40)
    folder.write("catalogue.b", b"x" * 40)
    assert call(*report_of).exit_code == 0
    assert "Treatment: vitamin-c" in path.read_text()


@pytest.mark.req("F-11", "R-07")
def test_an_empty_or_damaged_journal_is_said_in_one_line(folder, tmp_path):
    empty = call("journal", "report", tmp_path / "r.html", "--file", tmp_path / "none")
    assert empty.exit_code == 2 and empty.stderr.count("\n") == 1
    neither = call("journal", "show")
    assert neither.exit_code == 2 and "--port" in neither.stderr
    content = bytearray(folder.read("journal.00"))
    content[journal.SLOT_BYTES + 30] ^= 1  # session 1
    folder.write("journal.00", bytes(content))
    spare = folder.read("journal.new")
    folder.write("journal.new", b"torn")
    lost = call("journal", "report", tmp_path / "r.html", "--file", folder.path, "--session", 1)
    assert lost.exit_code == 2 and "session 1 is damaged" in lost.stderr
    (tmp_path / "new").mkdir()
    assert "empty" in call("journal", "show", "--file", tmp_path / "new").stdout
    mistyped = call("journal", "show", "--file", tmp_path / "none")
    assert mistyped.exit_code == 2 and "no such folder" in mistyped.stderr
    damaged = call("journal", "show", "--file", folder.path)
    assert damaged.exit_code == 0 and "1 session is damaged" in damaged.stderr
    for name in ("journal.00", "journal.01"):
        folder.write(name, bytes(len(content)))
    folder.write("journal.new", spare)
    wholly = call("journal", "show", "--file", folder.path)
    assert wholly.exit_code == 2 and "empty" not in wholly.stdout


@pytest.mark.req("F-02")
def test_push_shows_the_precautions_and_pull_brings_the_same_back(tmp_path):
    place = tmp_path / "wand"
    asked = CliRunner().invoke(main, ["products", "push", "--file", str(place)], input="n\n")
    assert asked.exit_code == 130 and "pacemaker" in asked.stdout and not place.exists()
    assert call("products", "push", "--yes", "--file", place).exit_code == 0
    stored, fault = store.load_catalogue(memory.Folder(place))
    assert fault == 0 and products.pack(stored) == products.pack(products.DEFAULT)
    path = tmp_path / "back.toml"
    assert call("products", "pull", path, "--file", place).exit_code == 0
    back = [one.product for one in catalogue.load(path)]
    assert products.pack(back) == products.pack(products.DEFAULT)
    assert "weak" not in call("products", "check").stdout
    assert "vitamin-c" in call("products", "list", path).stdout


@pytest.mark.req("F-02")
def test_notes_go_to_the_wand_and_come_back(tmp_path):
    notes = 'Kühl lagern; "lot 7" \\ pH 7 ✓'
    mine = tmp_path / "mine.toml"
    mine.write_text('[[product]]\nid = "gel"\nname = "A [red] gel"\nion_charge = -1\n'
                    f"current_ua = 250\ntime_s = 300\nnotes = '{notes}'\n")  # fmt: skip
    place = tmp_path / "wand"
    assert call("products", "push", mine, "--yes", "--file", place).exit_code == 0
    back = tmp_path / "back.toml"
    assert call("products", "pull", back, "--file", place).exit_code == 0
    assert catalogue.load(back)[0].product.notes == notes
    listed = call("products", "list", "--file", place).stdout
    assert notes in listed and "A [red] gel" in listed and "vitamin-c" not in listed
    again = call("products", "pull", mine, "--file", place)
    assert again.exit_code == 2 and "there already" in again.stderr
    both = call("products", "list", mine, "--file", place)
    assert both.exit_code == 2 and both.stderr.count("\n") == 1


@pytest.mark.req("F-02", "R-07")
@pytest.mark.parametrize("payload", [b"", b"x" * 188, None, "text", 5, b"\xff" * 188 * 16])
def test_the_wand_refuses_a_hostile_catalogue_and_keeps_its_own(tmp_path, payload):
    wand = memory.Files(tmp_path)
    sequence = wand.call("set_catalogue", products.pack(products.DEFAULT[:3]))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(BadInput):
        wand.call("set_catalogue", payload)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert wand.call("catalogue") == (sequence, products.pack(products.DEFAULT[:3]))
    with pytest.raises(BadInput):
        wand.call("session", "1; import os")


@pytest.mark.req("F-02", "F-11", "F-13")
@pytest.mark.pty
@pytest.mark.skipif(MICROPYTHON is None, reason="MicroPython Unix port not installed")
def test_over_mpremotes_transport(tmp_path, root):
    place = tmp_path / "wand"
    place.mkdir()
    (place / "main.py").write_text(MAIN % str(root))
    shutil.copy(root / "boot.py", place)
    with PtyBoard(place) as wand:
        wand.wait_for(b"waiting")
        with memory.link.connect(wand.port) as cable:
            there = memory.Wand(cable)
            assert there.call("sessions") == (1, 1)
            assert there.call("session", 1)["series"][0] == (250, 249, 50_000)
            assert there.call("catalogue")[0] == 0
            payload = products.pack(products.DEFAULT[:2])
            assert there.call("set_catalogue", payload) == 1
            assert tuple(there.call("catalogue")) == (1, payload)
            with pytest.raises(memory.RunFailed, match="catalogue of 1 bytes"):
                there.call("set_catalogue", b"x")
            assert there.call("catalogue")[0] == 1
