"""Files as Windows, Excel and Word leave them, in every place where a person's file is read."""

import json

import pytest

from ionwand import textfile
from ionwand.calibration import certificate_read, certificate_sample
from ionwand.errors import BadInput
from ionwand.simulation import script
from ionwand.trace import rows
from ionwand.treatments import catalogue

MARKS = {
    "as it is": lambda text: text.encode(),
    "mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "cr": lambda text: text.replace("\n", "\r").encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "all": lambda text: ("\ufeff" + text.replace("\n", "\r\n")).encode("utf-16-be"),
}


@pytest.mark.req("R-07")
@pytest.mark.parametrize("how", MARKS)
def test_marks_and_line_ends_change_nothing(root, tmp_path, how):
    sample = certificate_sample.result()
    plain = json.dumps(sample.as_json(), ensure_ascii=False)
    for name, text, read in (
        ("s.toml", (root / "tools/scenarios/normal.toml").read_text(), script.load),
        ("c.toml", catalogue.DEFAULT.read_text(encoding="utf-8"), catalogue.load),
        ("t.csv", (root / "tests/cases/files/trace_with_bom.csv").read_text("utf-8-sig"),
         rows.read),
        ("r.json", plain, certificate_read.load),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(text.encode())
        wanted = read(tmp_path / name)
        (tmp_path / name).write_bytes(MARKS[how](text))
        found = read(tmp_path / name)
        if name == "c.toml":
            found, wanted = ([one.words for one in entries] for entries in (found, wanted))
        assert found == wanted, name


@pytest.mark.req("R-07")
def test_cases_of_the_field(root):
    cases = root / "tests/cases/files"
    assert script.load(cases / "script_with_bom.toml").duration_s == 60
    assert len(rows.read(cases / "trace_with_bom.csv")) > 10


@pytest.mark.req("R-07")
@pytest.mark.parametrize("head", ["", "sep=;\n"])
def test_a_trace_that_excel_has_saved(root, head):
    text = (root / "tests/cases/files/trace_with_bom.csv").read_text("utf-8-sig")
    wanted = list(rows.parse(text.splitlines()))
    german = head + text.replace(",", ";").replace(".", ",") + ";" * 15 + "\n\n"
    assert list(rows.parse(german.splitlines())) == wanted
    assert list(rows.parse(text.replace(",", "\t").splitlines())) == wanted
    with pytest.raises(BadInput, match="line 2: 17 cells, expected 16"):
        list(rows.parse(text.replace("0.000", "0,000", 1).splitlines()))


@pytest.mark.req("R-07")
@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("a = 2,5", 2.5),
        ("a = -2,50 # half", -2.5),
        ("a = 2,5;", 2.5),
        ("a = 7;", 7),
        ('a = "x;y,5"; # and', "x;y,5"),
        ("a = “Gel”", "Gel"),
        ("a = „Gel“", "Gel"),
        ("a = [4,2; 11,6]", [4.2, 11.6]),
        ("a = [4.2; 11.6;]", [4.2, 11.6]),
        ("a = [4.2,11.6]", [4.2, 11.6]),
        ("a = [4, 2]", [4, 2]),
    ],
)
def test_what_is_unmistakable_is_read(written, means):
    assert textfile.toml(f"{written}\nb = 1\n") == {"a": means, "b": 1}


@pytest.mark.req("R-07")
@pytest.mark.parametrize("written", ["acid_pka = [4,2]", "  a = [4,2, 11,6] # two", "a=[1,5]"])
def test_what_may_mean_two_things_is_asked_about(written):
    with pytest.raises(BadInput, match="line 2: .* is the comma a decimal one") as raised:
        textfile.unmistakable("id = 'x'\n" + written)
    assert "\n" not in str(raised.value)
    textfile.unmistakable("a = [4, 2]\nb = [4.2,11.6]\nc = [-1,-2]\nd = 4,2")


@pytest.mark.req("R-07")
def test_other_codes_are_named_by_line_and_byte(tmp_path):
    for data, says in (
        (b"# a\n# 5 \xb5A", "byte 0xb5 in line 2; save it as UTF-8"),
        (b"\xff\xfea", "not UTF-8 text; save it"),
        (b"\x80", "byte 0x80 in line 1"),
    ):
        (tmp_path / "x").write_bytes(data)
        with pytest.raises(BadInput, match=says):
            textfile.read(tmp_path / "x")
    with pytest.raises(BadInput, match="longer than 2 bytes"):
        (tmp_path / "x").write_bytes(b"abc")
        textfile.read(tmp_path / "x", 2)
    with pytest.raises(BadInput, match="cannot be read"):
        textfile.read(tmp_path)
