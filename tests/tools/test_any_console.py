"""Every command on every console: a letter that can't be shown costs that letter, no more."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from ionwand.cli import main

CODES = ("cp1252", "ascii", "cp437", "cp932", "utf-8")


def commands():
    """All there are, groups' own among them."""
    for name, command in main.commands.items():
        for inner in getattr(command, "commands", None) or ("",):
            yield [name, *([inner] if inner else [])]


@pytest.mark.req("F-13")
@pytest.mark.parametrize("code", CODES)
def test_every_commands_help_and_every_complaint(code):
    runner = CliRunner(charset=code)
    for words in commands():
        said = runner.invoke(main, [*words, "--help"])
        assert said.exit_code == 0 and "Usage" in said.stdout, words
        said = runner.invoke(main, [*words, "--no-µ", "Ω", "−", "日本"])
        assert said.exit_code == 2 and said.stderr.count("\n") == 1, words


@pytest.mark.req("F-01", "F-13")
@pytest.mark.parametrize("code", CODES)
def test_the_rollers_sign_is_told_everywhere(code):
    said = CliRunner(charset=code).invoke(main, ["products", "list"])
    assert said.exit_code == 0
    rows = {line.split()[1]: line for line in said.stdout.splitlines() if " " in line}
    assert any(f"{minus}       250" in rows["vitamin-c"] for minus in "-−－")
    assert "+       250" in rows["magnesium"]


@pytest.mark.req("F-13")
@pytest.mark.parametrize(
    "environment",
    [{"PYTHONIOENCODING": "cp1252"}, {"PYTHONIOENCODING": "ascii"},
     {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}],
)  # fmt: skip
def test_as_a_shell_starts_it(environment, root):
    """The same through a pipe of a real process."""
    done = subprocess.run(
        [sys.executable, "-m", "ionwand", "products", "list"], capture_output=True, cwd=root,
        env={**os.environ, "PYTHONUTF8": "0", **environment},
    )  # fmt: skip
    assert done.returncode == 0 and done.stderr == b"" and b"hyaluronate" in done.stdout


_ASCII = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


@pytest.mark.req("F-13", "R-07")
@pytest.mark.parametrize(
    ("typed", "means"),
    [("Jörg Müller", "Jörg Müller"), ("23 °C, 45 %", "23 °C, 45 %"), ("山田", "山田"),
     (b"J\xf6rg", "J\udcf6rg"), ("a\x1b[2J", "a\x1b[2J")],
)  # fmt: skip
@pytest.mark.parametrize("environment", [_ASCII, {"PYTHONUTF8": "1"}])
def test_words_for_a_record_are_what_was_typed(typed, means, environment, root):
    """What no code makes letters of stays as it came: whoever keeps it refuses it in one line."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from ionwand.console import TEXT; "
         "print(ascii(TEXT.convert(sys.argv[1], None, None)))", typed],
        capture_output=True, cwd=root, env={**os.environ, **environment},
    )  # fmt: skip
    assert done.stdout.decode().strip() == ascii(means), done.stderr
