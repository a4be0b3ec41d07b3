"""Hostile files and words for every command of the host's tool [R-07].

Bytes that are nothing, and good files with a stretch of them changed: one line on stderr, exit 2,
and no file written; or the file was good after all.
"""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "firmware")]

import synthetic  # noqa: E402
from test_ticks import PlainWand  # noqa: E402

from ionwand.calibration import certificate_read, certificate_sample  # noqa: E402
from ionwand.cli import main  # noqa: E402
from ionwand.device import memory  # noqa: E402
from ionwand.errors import BadInput  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
# The folder is emptied for each example by hand: a fixture of each test is enough.
MANY = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
SOME = settings(MANY, max_examples=12)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def call(*words):
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return done


def refused(done):
    assert done.exit_code == 2, done.output
    assert done.stderr.startswith("ionwand: ") and done.stderr.count("\n") == 1
    assert done.stderr[:-1].isprintable()


# What reads a file (written as {file}), what it writes ({out}), and a good one.
READERS = {
    "check": ("check {file}", lambda: synthetic.text(synthetic.session(seconds=0.1))),
    "plot": ("plot {file} {out}.png", lambda: synthetic.text(synthetic.session(seconds=0.1))),
    "products": ("products check {file}",
                 lambda: (ROOT / "tools/ionwand/treatments/catalogue.toml").read_text()),
    "certificate": ("certificate {file} --out {out}",
                    lambda: json.dumps(certificate_sample.result().as_json())),
    "script": ("simulate --product none --script {file}",
               lambda: (ROOT / "tools/scenarios/normal.toml").read_text()),
}  # fmt: skip


def words(line, folder):
    return [word.format(file=folder / "in", out=folder / "out") for word in line.split()]


@pytest.mark.req("R-07")
@pytest.mark.parametrize("reader", READERS)
@SOME
@given(data=st.binary(max_size=60) | TEXT.map(lambda t: t.encode("utf-8", "replace")))
def test_bytes_that_are_no_such_file(tmp_path, reader, data):
    (tmp_path / "in").write_bytes(data)
    refused(call(*words(READERS[reader][0], tmp_path)))
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.mark.req("R-07")
@pytest.mark.parametrize("reader", ["check", "products", "certificate"])
@MANY
@given(data=st.data())
def test_a_good_file_with_a_stretch_changed(tmp_path, good_texts, reader, data):
    text = good_texts[reader]
    at = data.draw(st.integers(0, len(text)))
    length = data.draw(st.sampled_from((0, 1, 5, 40)))
    odd = data.draw(st.sampled_from(("", "-1", "nan", "1e999", "\x00", "9" * 400, "null", '"', "é",
                                     "[[", "\n", ",", "0x")))  # fmt: skip
    (tmp_path / "in").write_text(text[:at] + odd + text[at + length :], encoding="utf-8")
    if reader == "certificate":  # read, and not drawn, which takes half a second
        try:
            assert certificate_read.load(tmp_path / "in").as_left
        except BadInput as error:
            assert str(error) and "\n" not in str(error)
        return
    done = call(*words(READERS[reader][0], tmp_path))
    if done.exit_code == 2:
        refused(done)
    else:  # a good trace of a wand that broke a rule: one line for each
        assert done.exit_code == bool(done.stderr)
        assert all(line.startswith("ionwand: ") for line in done.stderr.splitlines())


@pytest.fixture(scope="module")
def good_texts():
    return {name: make() for name, (_, make) in READERS.items()}


def test_the_good_ones_are_good(tmp_path, good_texts):
    """Else the changed ones would be refused for another reason."""
    (tmp_path / "in").write_text(good_texts["certificate"], encoding="utf-8")
    assert certificate_read.load(tmp_path / "in") == certificate_sample.result()
    for reader in ("check", "products"):
        (tmp_path / "in").write_text(good_texts[reader], encoding="utf-8")
        done = call(*words(READERS[reader][0], tmp_path))
        assert done.exit_code in (0, 1) and done.stderr == "", done.output


@pytest.fixture(scope="module")
def records_of_a_wand():
    wand = PlainWand().treat()
    wand.run(1.5)
    wand.press(0.1)
    wand.until("done")
    wand.run(3)
    assert "journal.00" in wand.board.files
    return dict(wand.board.files)


JOURNAL = ("journal show --file {file}", "journal pull --file {file} {out}.csv",
           "journal report --file {file} {out}.html", "products list --file {file}",
           "products pull --file {file} {out}.toml")  # fmt: skip


@pytest.mark.req("R-07", "F-11")
@pytest.mark.parametrize("line", JOURNAL)
@SOME
@given(data=st.data())
def test_a_wands_records_with_a_stretch_changed(tmp_path, records_of_a_wand, line, data):
    name = data.draw(st.sampled_from(("journal.00", "journal.new", "catalogue.a", "catalogue.b")))
    content = bytearray(records_of_a_wand.get(name, b""))
    at = data.draw(st.integers(0, len(content)))
    odd = data.draw(st.binary(max_size=40))
    content[at : at + len(odd)] = odd
    folder = memory.Folder(tmp_path / "in")
    for each, kept in {**records_of_a_wand, name: bytes(content)}.items():
        folder.write(each, kept)
    before = {path.name: path.read_bytes() for path in folder.path.iterdir()}
    if "report" in line and data.draw(st.integers(0, 5)):  # drawing a report takes half a second
        return
    done = call(*words(line, tmp_path))
    if done.exit_code:
        refused(done)
    assert {path.name: path.read_bytes() for path in folder.path.iterdir()} == before


# Options with values of their own; what makes the call end early comes last.
OPTIONS = ("simulate --seed", "simulate --skin", "simulate --product", "simulate --interpreter",
           "simulate --plot", "journal report x.html --session", "plot {file} x.png --product",
           "polarity --load", "calibrate --loads", "calibrate --points", "calibrate --meter-ppm",
           "calibrate --fixture", "fleet show", "status --port",
           "journal show --file")  # fmt: skip


@pytest.mark.req("R-07")
@pytest.mark.parametrize("line", OPTIONS)
@SOME
@given(word=TEXT.map(lambda text: "!" + text.replace("\x00", "")))
def test_words_that_are_no_values(tmp_path, monkeypatch, line, word):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").write_text("")
    done = call(*words(line, tmp_path), word)
    refused(done)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
