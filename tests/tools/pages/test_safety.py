"""docs/safety.md is current, every requirement has its proof, and a gap would be seen."""

import shutil

import pytest

from pages import safety


@pytest.mark.req("R-02")
def test_page_is_what_table_and_tests_make_of_it():
    page = safety.PAGE.read_text(encoding="utf-8")
    assert safety.current(page) == page, "run: python -m pages.safety"


def test_every_requirement_has_its_proof():
    assert safety.gaps(safety.requirements(), safety.proofs()) == []


def test_a_requirement_without_a_test_is_named():
    promised = {**safety.requirements(), "S-99": "planted", "P-99": "planted"}
    assert safety.gaps(promised, safety.proofs()) == [
        "S-99 has no test: mark one with @pytest.mark.req('S-99')",
        "P-99 has no test: mark one with @pytest.mark.req('P-99')",
    ]


def test_a_test_that_names_no_requirement_is_named():
    promised = safety.requirements()
    del promised["S-02"]
    (line,) = safety.gaps(promised, safety.proofs())
    assert line.endswith("names S-02, which is not in tools/requirements.toml")


@pytest.mark.parametrize("source, wanted", [
    ("@pytest.mark.req('S-01', 'S-02')\ndef test_a(): pass",
     {("S-01", "test_a"), ("S-02", "test_a")}),
    ("SAFETY = ('S-01', 'F-05')\n@pytest.mark.req(*SAFETY)\ndef test_a(): pass",
     {("S-01", "test_a"), ("F-05", "test_a")}),
    ("@pytest.mark.req('S-01')\nclass TestA:\n    def test_b(self): pass", {("S-01", "test_b")}),
    ("pytestmark = pytest.mark.req('S-01')\ndef test_a(): pass", {("S-01", "test_a")}),
    ("@pytest.mark.req('S-01')\ndef helper(): pass", set()),
    ("@pytest.mark.req(choose())\ndef test_a(): pass", {("?", "test_a")}),
])  # fmt: skip
def test_what_a_test_says_it_proves(source, wanted):
    assert set(safety.marks(source)) == wanted


def test_an_old_page_is_told(tmp_path, monkeypatch, capsys):
    page = tmp_path / "safety.md"
    shutil.copy(safety.PAGE, page)
    monkeypatch.setattr(safety, "PAGE", page)
    assert safety.main([]) == 0
    assert safety.main(["--check"]) == 0
    page.write_text(page.read_text().replace("| S-04 | Open circuit", "| S-04 | Closed circuit"))
    assert safety.main(["--check"]) == 1
    assert "docs/safety.md is out of date" in capsys.readouterr().out
