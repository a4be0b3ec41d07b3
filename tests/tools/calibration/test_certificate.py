"""Certificates: what they say, what they escape, and which records make none."""

import copy
import dataclasses
import html.parser
import json
import shutil
import subprocess

import pytest
from click.testing import CliRunner

from ionwand.calibration import certificate, certificate_page, certificate_read
from ionwand.calibration.certificate_sample import result as sample
from ionwand.calibration.result import from_json
from ionwand.cli import main
from ionwand.errors import BadInput

HOSTILE = """<script>alert(1)</script>"'&{{ 7*7 }}</p><img src=x onerror=alert(1)>"""


@pytest.fixture
def record(tmp_path):
    path = tmp_path / "result.json"
    path.write_text(json.dumps(sample().as_json()))
    return path


def call(*args):
    return CliRunner().invoke(main, ["certificate", *[str(one) for one in args]])


def test_three_files_and_the_record_comes_back(record, tmp_path):
    out = tmp_path / "deep" / "out"
    said = call(record, "-o", out)
    assert said.exit_code == 0, said.output
    names = sorted(path.name for path in out.iterdir())
    stem = "certificate-e660583883724a2f-20260504-103200"
    assert names == [f"{stem}.html", f"{stem}.json", f"{stem}.pdf"]
    assert said.output.split() == [str(out / f"{stem}.{one}") for one in ("html", "pdf", "json")]
    assert certificate_read.load(out / f"{stem}.json") == sample()
    again = tmp_path / "again"
    assert call(out / f"{stem}.json", "-o", again).exit_code == 0
    assert (again / f"{stem}.html").read_text() == (out / f"{stem}.html").read_text()


class Seen(html.parser.HTMLParser):
    """Tags, addresses and words of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.addresses, self.handlers, self.words = set(), [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href", "xlink:href")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data):
        self.words += data


def test_the_page_says_what_was_found_and_what_is_not_claimed():
    result = sample()
    page = Seen(certificate.html(result))
    for words in (
        result.board_id, result.firmware, result.who, result.ambient, result.meter, result.notes,
        "2026-05-04 10:32 UTC+02:00", "2027-05-04, a year later", "Name, signature",
        "2.2 kΩ, 4.7 kΩ, 10 kΩ", "As found: outside limits",
        "As left: within limits", "Uncertainty, k = 2", "sense A, offset", "repeatability",
        "accredited laboratory", "does not claim", certificate_read.digest(result.as_json()),
        certificate_page._signed(result.found.worst_error_na / 1000) + " µA",
    ):  # fmt: skip
        assert words in page.words, words
    for one in result.budget:
        assert one.source in page.words and one.how in page.words
    # Each reading is there.
    for point in (*result.as_found, *result.as_left):
        assert f"{point.meter_na / 1000:.3f}" in page.words


def test_the_page_needs_nothing_beside_it_and_runs_nothing():
    page = Seen(certificate.html(sample()))
    assert "svg" in page.tags and not page.tags & {"script", "link", "img", "iframe", "object"}
    assert all(address.startswith("#") for address in page.addresses)


@pytest.mark.req("R-07")
@pytest.mark.parametrize("name", ["who", "notes", "firmware", "meter", "ambient"])
def test_what_was_typed_is_text(name):
    result = dataclasses.replace(sample(), **{name: HOSTILE})
    page = Seen(certificate.html(result))
    assert HOSTILE in page.words
    assert not page.tags & {"script", "img"} and not page.handlers


def test_names_of_parts_and_limits_are_text_too():
    result = sample()
    odd = dataclasses.replace(result.left, allowed=HOSTILE)
    parts = [dataclasses.replace(one, source=HOSTILE, how=HOSTILE) for one in result.budget]
    names = [dataclasses.replace(one, name=HOSTILE, unit=HOSTILE) for one in result.coefficients]
    result = dataclasses.replace(result, left=odd, budget=parts, coefficients=names)
    page = Seen(certificate.html(result))
    assert not page.tags & {"script", "img"} and not page.handlers
    assert certificate.pdf(result).startswith(b"%PDF")


def test_one_that_is_outside_its_limits_is_due_at_once():
    result = sample()
    result = dataclasses.replace(result, left=dataclasses.replace(result.left, ok=False))
    assert "at once: as left it is outside" in Seen(certificate.html(result)).words


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("±0.5 % ±1 µA from 50 to 500 µA", (0.005, 1000.0)),
        ("±2% ±2 µA", (0.02, 2000.0)),
        ("whatever", None),
        ("±1.2.3 % ±1 µA", None),
        ("", None),
    ],
)
def test_the_band_is_the_one_that_was_judged_by(words, found):
    assert certificate_page.limits(words) == found


@pytest.mark.parametrize(
    "change",
    [
        {"as_found": [], "residuals_na": []},
        {"residuals_na": [1.0] * 99},
        {"budget": [], "coefficients": [], "loads_ohm": []},
        {"who": "", "ambient": "", "meter": "", "firmware": "", "notes": ""},
        {"who": "Ärztin 医者 🙂 \u202e", "notes": "long " * 90},
        {"when": "2026-05-04T10:32:00.123456Z"},
    ],
)
def test_odd_but_true_records_make_all_three(change, tmp_path):
    paths = certificate.write(dataclasses.replace(sample(), **change), tmp_path)
    assert [path.suffix for path in paths] == [".html", ".pdf", ".json"]
    assert all(path.stat().st_size > 1000 for path in paths)


def test_the_pdf_says_the_same(tmp_path):
    paths = certificate.write(sample(), tmp_path)
    data = paths[1].read_bytes()
    assert data.startswith(b"%PDF") and data.rstrip().endswith(b"%%EOF")
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed (Debian: poppler-utils)")
    text = subprocess.run(
        ["pdftotext", "-layout", paths[1], "-"], capture_output=True, text=True, check=True
    ).stdout
    for words in ("Calibration certificate", "A. Technician", "e660583883724a2f", "µA", "kΩ",
                  "As left: within limits", "accredited", "2027-05-04", "signature"):  # fmt: skip
        assert words in text, words


def broken(path, value):
    """The sample's record with one value replaced."""
    data = copy.deepcopy(sample().as_json())
    at = data
    for step in path[:-1]:
        at = at[step]
    if value is KeyError:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return json.dumps(data)


@pytest.mark.req("R-07")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no JSON"),
        ("[" * 100_000, "is no calibration result"),
        ("[]", "calibration result of version list"),
        ("{}", "calibration result of version None"),
        (broken(["version"], 2), "calibration result of version 2, this tool reads 1"),
        (broken(["who"], KeyError), "calibration result is incomplete"),
        (broken(["as_left"], []), "as_left is empty"),
        (broken(["as_left"], [{}]), "calibration result is incomplete"),
        (broken(["as_left"], 5), "calibration result is incomplete"),
        (broken(["who"], 5), "who: 5 is no text"),
        (broken(["who"], "x" * 501), "is no text of at most 500 characters"),
        (broken(["who"], "\ud800"), "is no text of at most 500 characters"),
        (broken(["expanded_u_na"], float("nan")), "expanded_u_na: nan is no finite number"),
        (broken(["as_left", 0, "meter_na"], float("inf")), "as_left[0].meter_na: inf is no"),
        (broken(["as_left", 0, "meter_na"], 10**400), "as_left[0].meter_na: 1000"),
        (broken(["as_left", 0, "setpoint_na"], 1.5), "setpoint_na: 1.5 is no whole number"),
        (broken(["as_left", 0, "bridge"], True), "bridge: True is no whole number"),
        (broken(["as_left", 0, "bridge"], 7), "as_left[0].bridge: 7, allowed are 1 and 2"),
        (broken(["as_found", 1, "setpoint_na"], 0), "as_found[1].setpoint_na: 0, allowed are 1"),
        (broken(["left", "ok"], "yes"), "left.ok: 'yes' is no true or false"),
        (broken(["residuals_na"], [0] * 2001), "residuals_na: a list of at most 2000"),
        (broken(["board_id"], "../../../etc/pass"), "it has 16 hexadecimal digits"),
        (broken(["when"], "yesterday"), "when 'yesterday': write it like"),
        (broken(["when"], "2026-05-04T10:30:00"), "when '2026-05-04T10:30:00': write it like"),
    ],
)
def test_no_record_no_certificate(text, words, tmp_path):
    path, out = tmp_path / "bad.json", tmp_path / "out"
    path.write_text(text)
    said = call(path, "-o", out)
    assert said.exit_code == 2 and said.stdout == ""
    assert said.stderr.startswith(f"ionwand: {path}: ") and said.stderr.count("\n") == 1
    assert words in said.stderr
    assert not out.exists()


def test_files_that_cannot_be_read_or_written(record, tmp_path):
    assert "No such file" in call(tmp_path / "none.json").stderr
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8 text" in call(tmp_path / "bytes.json").stderr
    (tmp_path / "taken").write_text("")
    said = call(record, "-o", tmp_path / "taken")
    assert said.exit_code == 2 and said.stderr == f"ionwand: {tmp_path / 'taken'}: File exists\n"


@pytest.mark.parametrize("name", ["mine.pdf", "mine.HTML", "x.json"])
def test_the_name_of_a_file_makes_no_folder(record, tmp_path, name):
    said = call(record, "-o", tmp_path / name)
    assert said.exit_code == 2 and "a folder is wanted" in said.stderr
    assert not (tmp_path / name).exists()
    assert call(record, "-o", record).exit_code == 2
    assert from_json(json.loads(record.read_text())) == sample()


def test_a_result_that_is_none_is_refused_by_write_too(tmp_path):
    with pytest.raises(BadInput, match="board_id"):
        certificate.write(dataclasses.replace(sample(), board_id="../x"), tmp_path / "out")
    assert not (tmp_path / "out").exists()
