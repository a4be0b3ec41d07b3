"""The command line as a person or a script meets it: exit codes, and one line for an error."""

import struct

import pytest
import synthetic
from click.testing import CliRunner

from ionwand.cli import main
from ionwand.device import source
from ionwand.simulation import runner, simulate

ROWS = synthetic.session(seconds=0.5)
SHORT = """
duration_s = 6
expect_end = "{end}"
[[event]]
at_s = 2.0
press_s = 2.0
[[event]]
at_s = 5.5
press_s = 0.2
"""


def call(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


def one_line(result, code):
    """The error, after having seen that it is one line on stderr and nothing but it."""
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("ionwand: ") and result.stderr.count("\n") == 1
    return result.stderr.strip().removeprefix("ionwand: ")


@pytest.fixture
def trace_file(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(synthetic.text(ROWS))
    return path


@pytest.fixture
def script_file(tmp_path):
    def write(end):
        path = tmp_path / "s.toml"
        path.write_text(SHORT.format(end=end))
        return path

    return write


def test_help_lists_the_commands():
    result = call("--help")
    assert result.exit_code == 0
    for name in ("simulate", "plot", "check", "bench"):
        assert name in result.stdout
    assert call().exit_code == 0


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["simulate", "--nonsense"], "No such option '--nonsense'. Did you mean '--seed'?"),
        (["fly"], "No such command 'fly'."),
        (["check"], "Missing argument 'TRACE.csv...'."),
        (["check", "/none.csv"], "/none.csv: cannot be read: No such file or directory"),
        (
            ["simulate", "--script", "/none.toml"],
            "/none.toml: cannot be read: No such file or directory",
        ),
        (
            ["simulate", "--skin", "wet"],
            "--skin: 'wet' is unknown: allowed are hydrated, dry, very_dry, peeled,"
            " drawn:SEED, resistor:OHMS",
        ),
        (
            ["simulate", "--product", "x"],
            "--product: 'x' is unknown: allowed are " + ", ".join(source.products()),
        ),
        (
            ["simulate", "--interpreter", "perl"],
            "interpreter 'perl' is unknown: allowed are micropython, cpython",
        ),
        (
            ["simulate", "--plot", "/none/x.png"],
            "/none/x.png: there is no folder /none",
        ),
        (["simulate", "--plot", "x.txt"], "x.txt: a plot is .png, .svg or .pdf"),
        (
            ["simulate", "--trace", "/none/x.csv"],
            "/none/x.csv: cannot be written: No such file or directory",
        ),
    ],
)
def test_what_is_not_there_is_one_line_and_exit_2(args, line):
    assert one_line(call(*args), 2) == line


def test_bad_seed():
    assert "--seed" in one_line(call("simulate", "--seed", "-1"), 2)


@pytest.mark.parametrize("interpreter", runner.INTERPRETERS)
def test_simulate_ends_as_expected(script_file, interpreter, tmp_path):
    trace_path = tmp_path / "out.csv"
    result = call(
        "simulate", "--script", script_file("stopped"), "--interpreter", interpreter,
        "--trace", trace_path,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "stopped" in result.stdout
    assert call("check", trace_path).exit_code in (0, 1)


def test_simulate_ends_otherwise(script_file):
    result = call("simulate", "--script", script_file("complete"))
    assert result.exit_code == 1
    assert result.stderr == (
        "ionwand: the session ended as stopped, the script expects complete\n"
    )


def test_simulate_broken_wand(script_file, tmp_path, monkeypatch):
    wand = tmp_path / "wand.py"
    wand.write_text("raise RuntimeError('no such plant')")

    class Broken(runner.Run):
        def __init__(self, job, interpreter):
            super().__init__(job, "cpython", wand)

    monkeypatch.setattr(simulate.runner, "Run", Broken)
    result = call("simulate", "--script", script_file("stopped"))
    assert result.exit_code == 1
    assert "RuntimeError: no such plant" in result.stderr


def test_ctrl_c(script_file, monkeypatch):
    def rows(self):
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(runner.Run, "rows", rows)
    result = call("simulate", "--script", script_file("stopped"))
    assert result.exit_code == 130
    assert result.stderr.strip() == "ionwand: stopped"


def test_check_accepts(trace_file):
    result = call("check", trace_file)
    assert result.exit_code == 0, result.output
    assert "FAIL" not in result.stdout and result.stderr == ""


def test_check_refuses(trace_file):
    worse = [row._replace(setpoint_ua=501.0) if row.gate else row for row in ROWS]
    trace_file.write_text(synthetic.text(worse))
    result = call("check", trace_file)
    assert result.exit_code == 1
    assert "FAIL" in result.stdout
    assert "S-01: setpoint: 501 µA, allowed 500, at 00:0" in result.stderr


def test_one_bad_trace_of_two_decides(trace_file, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text(synthetic.text([row._replace(dac_code=65535) for row in ROWS]))
    assert call("check", trace_file, other).exit_code == 1


def test_check_no_trace(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("hello\n")
    assert one_line(call("check", path), 2).startswith(f"{path}: line 1 is not the header")


def size_of_png(path):
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", head[16:])


def test_plot_makes_a_picture(trace_file, tmp_path):
    path = tmp_path / "p.png"
    result = call("plot", trace_file, path)
    assert result.exit_code == 0, result.output
    width, height = size_of_png(path)
    assert width > 1000 and height > 800


def test_plot_of_nothing_but_waiting(trace_file, tmp_path):
    trace_file.write_text(synthetic.text(ROWS[:1]))
    assert call("plot", trace_file, tmp_path / "p.png").exit_code == 0


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["p.txt"], "p.txt: a plot is .png, .svg or .pdf"),
        (["/none/p.png"], "/none/p.png: there is no folder /none"),
        (["p.png", "--product", "x"], "--product: 'x' is unknown: allowed are "
                                      + ", ".join(source.products())),
    ],
)  # fmt: skip
def test_plot_refuses(trace_file, args, line):
    assert one_line(call("plot", trace_file, *args), 2) == line


def test_simulate_plots(script_file, tmp_path):
    path = tmp_path / "p.png"
    result = call("simulate", "--script", script_file("stopped"), "--plot", path)
    assert result.exit_code == 0, result.output
    size_of_png(path)


def test_bench_prints_a_row_for_each(monkeypatch, script_file):
    from ionwand.simulation import bench

    monkeypatch.setattr(bench, "DEFAULT_SCRIPT", script_file("stopped"))
    result = call("bench", "--runs", 1)
    assert result.exit_code == 0, result.output
    assert result.stdout.count("micropython") == 1 and result.stdout.count("cpython") == 1
