"""`--json` of every command is what ionwand/answers.py says; through a pipe a row is a line."""

import json
import types
import typing

import pytest
import synthetic
from bench_wand import BenchWand
from click.testing import CliRunner

from ionwand import answers, registry
from ionwand.calibration.certificate_sample import result as sample
from ionwand.cli import main
from ionwand.device.pty_board import MICROPYTHON

STOPPED = """
duration_s = 9
expect_end = "stopped"
[[event]]
at_s = 2.0
press_s = 2.0
[[event]]
at_s = 5.5
touch = "hydrated"
[[event]]
at_s = 8.0
press_s = 0.2
"""


def wrong(value, shape, where="it"):
    """None where `value` is what `shape` says, else one line."""
    if typing.is_typeddict(shape):
        hints = typing.get_type_hints(shape)
        if not isinstance(value, dict) or list(value) != list(hints):
            return f"{where}: {list(value)}, described are {list(hints)}"
        return next(filter(None, (wrong(value[name], hints[name], f"{where}.{name}")
                                  for name in hints)), None)  # fmt: skip
    if typing.get_origin(shape) is list:
        if not isinstance(value, list):
            return f"{where}: {value!r} is no list"
        (item,) = typing.get_args(shape)
        return next(filter(None, (wrong(one, item, f"{where}[]") for one in value)), None)
    if isinstance(shape, types.UnionType):
        fits = any(wrong(value, one) is None for one in typing.get_args(shape))
        return None if fits else f"{where}: {value!r} is not {shape}"
    allowed = (int, float) if shape is float else shape
    if isinstance(value, bool) != (shape is bool) or not isinstance(value, allowed):
        return f"{where}: {value!r} is not {shape.__name__}"
    return None


def told(result, name, code=0):
    """The object, after having seen that it is one line and as described."""
    assert result.exit_code == code, result.output
    assert result.stdout.count("\n") == 1
    found = json.loads(result.stdout)
    assert wrong(found, answers.ALL[name]) is None
    return found


def call(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


@pytest.mark.parametrize("value, shape", [
    (True, int), (1, bool), ("1", float), (None, str), ([1, "a"], list[int]), ({}, answers.Part),
    ({"name": "a", "what": "b", "outcome": None}, answers.Part), (1, str | None),
])  # fmt: skip
def test_what_is_not_described_is_seen(value, shape):
    assert wrong(value, shape)


@pytest.fixture
def script_file(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(STOPPED)
    return path


def test_simulate_and_journal(tmp_path, script_file):
    records = tmp_path / "wand"
    said = told(call("simulate", "--json", "--script", script_file, "--records", records),
                "simulate")  # fmt: skip
    assert (said["end"], said["as_expected"], said["fault"]) == ("stopped", True, "")
    assert said["output_s"] > 1 and said["dose_uc"] > 0
    (one,) = told(call("journal", "show", "--json", "--file", records), "journal show")["sessions"]
    assert (one["end"], one["patch_test"], one["product"]) == ("stopped", True, "vitamin-c")
    script_file.write_text(STOPPED.replace('"stopped"', '"complete"'))
    said = call("simulate", "--json", "--script", script_file)
    assert not told(said, "simulate", code=1)["as_expected"] and said.stderr.count("\n") == 1


def test_check(tmp_path):
    path, broken = tmp_path / "t.csv", tmp_path / "b.csv"
    path.write_text(synthetic.text(synthetic.session(seconds=0.5)))
    broken.write_text(synthetic.text(
        [row._replace(i_load_ua=700.0) for row in synthetic.session(seconds=0.5)]))  # fmt: skip
    assert told(call("check", "--json", path), "check")["ok"]
    said = told(call("check", "--json", path, broken), "check", code=1)
    assert [trace["ok"] for trace in said["traces"]] == [True, False] and not said["ok"]


def test_products():
    found = told(call("products", "list", "--json"), "products list")["products"]
    assert [one["number"] for one in found] == list(range(1, 17))
    assert {one["id"]: one["roller"] for one in found}["magnesium"] == "+"


def test_fleet(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'fleet.sqlite'}"
    monkeypatch.setenv("IONWAND_DB", url)
    with registry.open(url) as opened:
        opened.keep_calibration(sample("e660583883724a2f", "2026-01-01T00:00:00+00:00", seed=1))
        opened.keep_selftest("bbbb583883724a2f", "rail", {"rail": "FAILED"}, "0.0.9")
    wands = told(call("fleet", "list", "--json"), "fleet list")["wands"]
    found = {one["board"]: one for one in wands}
    assert found["e660583883724a2f"]["calibrated_on"] and found["bbbb583883724a2f"]["due"]
    assert found["bbbb583883724a2f"]["calibrated_on"] is None
    assert found["bbbb583883724a2f"]["selftest"] == "rail"


@pytest.mark.pty
@pytest.mark.skipif(MICROPYTHON is None, reason="MicroPython Unix port not installed")
def test_status_faults_and_selftest(tmp_path):
    wand = BenchWand(tmp_path, 5)
    with wand.running():
        said = told(wand.call("status", "--json", fixture=False), "status", code=1)
        assert (said["board"], said["faults"]) == ("57414e4430303035", ["calibration"])
        said = told(wand.call("faults", "--json"), "faults", code=1)
        assert said["faults"] == [{"name": "calibration", "recoverable": False}]
        said = told(wand.call("selftest", "--json"), "selftest")
        assert {part["outcome"] for part in said["parts"]} == {"passed"}
    said = call("faults", "--json", "--clear", "--port", "none")
    assert said.exit_code == 2 and "--json only lists" in said.stderr


@pytest.mark.pty
@pytest.mark.skipif(MICROPYTHON is None, reason="MicroPython Unix port not installed")
def test_what_hands_are_asked_is_no_part_of_the_answer(tmp_path, monkeypatch):
    monkeypatch.setenv("IONWAND_SIMULATED", str(tmp_path / "wands"))
    said = call("selftest", "--json", "--port", "simulated")
    assert {part["outcome"] for part in told(said, "selftest")["parts"]} == {"passed"}
    assert "hold the button" in said.stderr


def test_through_a_pipe_a_product_is_a_line():
    said = call("products", "list").stdout.splitlines()
    assert len(said) == 1 + 16
    assert sum("Measure its pH: at pH 3.2 only 9 % is ionised." in line for line in said) == 1


def test_through_a_pipe_a_rule_is_a_line(tmp_path):
    path = tmp_path / "a folder with a long name, as they are" / "t.csv"
    path.parent.mkdir()
    path.write_text(synthetic.text(synthetic.session(seconds=0.5)))
    rules = told(call("check", "--json", path), "check")["traces"][0]["findings"]
    lines = call("check", path).stdout.splitlines()
    for rule in rules:
        assert sum(rule["what"] in line for line in lines) >= 1


def test_a_shell_completes_products_and_skins(monkeypatch):
    for words, wanted in (("simulate --product gly", ["glycolic-acid"]),
                          ("simulate --skin d", ["dry", "drawn:"]),
                          ("play --product patch", ["patch-test", "patch-test-cation"]),
                          ("play --skin p", ["peeled"]),
                          ("status --skin v", ["very_dry"])):  # fmt: skip
        count = len(words.split())
        env = {"_IONWAND_COMPLETE": "bash_complete", "COMP_WORDS": f"ionwand {words}",
               "COMP_CWORD": str(count)}  # fmt: skip
        said = CliRunner(env=env).invoke(main, [], prog_name="ionwand")
        assert [line.split(",")[1] for line in said.stdout.split()] == wanted


@pytest.mark.parametrize("command", ["flash", "status"])
def test_without_a_port_the_first_usb_one_is_meant(monkeypatch, command):
    monkeypatch.setattr("serial.tools.list_ports.comports", list)
    said = call(command)
    assert said.exit_code == 2 and "plug the wand in, or say --port" in said.stderr
