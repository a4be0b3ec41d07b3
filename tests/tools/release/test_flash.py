"""Flashing over the real transport onto the Unix port behind a PTY, cut at every step [S-15]."""

import contextlib
import shutil
import subprocess

import pytest
import standin

from ionwand.device import link as cable
from ionwand.device import pty_board
from ionwand.errors import BadInput
from ionwand.release import build as builder
from ionwand.release import flash

pytestmark = [
    pytest.mark.pty,
    pytest.mark.skipif(
        pty_board.MICROPYTHON is None, reason="MicroPython's Unix port is not installed"
    ),
]


@contextlib.contextmanager
def linked(folder, main="main.py"):
    with pty_board.PtyBoard(folder, main) as board:
        if main == pty_board.PATIENT:
            board.wait_until_still()
        with cable.connect(board.port) as link:
            flash.prepare(link)
            yield link, board


def start(folder):
    """What the firmware in this folder says when the power comes."""
    done = subprocess.run(
        [pty_board.MICROPYTHON, "main.py"], cwd=folder, capture_output=True, text=True
    )
    return (done.stdout + done.stderr).strip()


@pytest.fixture
def wand(tmp_path, root):
    folder = tmp_path / "wand"
    folder.mkdir()
    standin.put(standin.make(root, 1), folder)
    return folder


@pytest.fixture
def said():
    return []


def test_an_update_starts_the_new_firmware_and_sends_only_what_changed(wand, root, said):
    with linked(wand) as (link, board):
        assert flash.update(link, standin.make(root, 2), said.append)
        link.restart()
        board.wait_for(standin.started(2).encode())
    assert "1.0.0" in said[0] and "2.0.0" in said[0] and "slot b, 5 files sent" in said[0]
    assert start(wand) == standin.started(2)


def test_flashing_the_same_again_changes_nothing(wand, root, said):
    with linked(wand) as (link, _):
        assert not flash.update(link, standin.make(root, 1), said.append)
    assert (wand / "slot").read_text() == "a" and not (wand / "b").exists()


def test_a_third_update_reuses_the_first_slot_and_leaves_nothing_of_it(wand, root, said):
    for number in (2, 3):
        with linked(wand) as (link, _):
            flash.update(link, standin.make(root, number), said.append)
    assert start(wand) == standin.started(3)
    assert (wand / "slot").read_text() == "a"
    assert not (wand / "a/hal/only1.py").exists() and (wand / "b/hal/only2.py").exists()


def test_rollback_takes_the_loader_back_too(wand, root, said):
    with linked(wand) as (link, _):
        flash.update(link, standin.make(root, 2, loader="# later\n"), said.append)
        assert (wand / "main.py").read_bytes().endswith(b"# later\n")
        flash.rollback(link, said.append)
    assert start(wand) == standin.started(1)
    assert (wand / "main.py").read_bytes() == (root / "main.py").read_bytes()
    with linked(wand) as (link, _):
        flash.rollback(link, said.append)
    assert start(wand) == standin.started(2)


def test_rollback_refuses_an_empty_and_a_damaged_slot(wand, root, said):
    with linked(wand) as (link, _):
        with pytest.raises(BadInput, match="no whole firmware"):
            flash.rollback(link, said.append)
        flash.update(link, standin.make(root, 2), said.append)
        (wand / "a/hal/part.py").write_text("VERSION = 7\n")
        with pytest.raises(BadInput, match="a/hal/part.py: is not as built"):
            flash.rollback(link, said.append)
    assert start(wand) == standin.started(2)


def test_an_empty_wand_gets_its_first_firmware(tmp_path, root, said):
    (tmp_path / "main.py").write_text("")
    with linked(tmp_path) as (link, _):
        flash.update(link, standin.make(root, 1), said.append)
    assert start(tmp_path) == standin.started(1)
    assert said[0].startswith("nothing -> 1.0.0")


@pytest.mark.req("S-15")
@pytest.mark.parametrize("step", ["update", "second update", "rollback"])
def test_a_cut_at_any_step_leaves_the_old_or_the_new_firmware(wand, root, said, step, tmp_path):
    """The disk is copied before each call to the wand: what is there if the power goes now."""
    old, new = 1, 2
    later = standin.make(root, 2, loader="# later\n")
    with linked(wand) as (link, _):
        if step != "update":
            flash.update(link, later, said.append)
            old, new = (2, 3) if step == "second update" else (2, 1)
        copies = _copy_before_each_call(link, wand, tmp_path / "cuts")
        if step == "update":
            flash.update(link, later, said.append)
        elif step == "second update":
            flash.update(link, standin.make(root, 3, loader="# latest\n"), said.append)
        else:
            flash.rollback(link, said.append)
    answers = [start(copy) for copy in [*copies, wand]]
    switched = answers.index(standin.started(new))
    assert answers[:switched] == [standin.started(old)] * switched
    assert answers[switched:] == [standin.started(new)] * (len(answers) - switched)
    assert switched > (2 if step == "rollback" else 10)


@pytest.mark.parametrize("calls", [3, 9, 15, 21, 27])
def test_an_update_that_was_cut_is_simply_done_again(wand, root, said, calls):
    later = standin.make(root, 2, loader="# later\n")
    with pytest.raises(_Pulled), linked(wand) as (link, _):
        _pull_at(link, calls)
        flash.update(link, later, said.append)
    assert start(wand) == standin.started(1)
    with linked(wand) as (link, _):
        flash.update(link, later, said.append)
        assert link.ask("check('b')") is None
    assert start(wand) == standin.started(2)


def test_a_file_that_arrives_damaged_is_not_put_into_use(wand, root, said):
    with linked(wand) as (link, _):
        put = link.put
        link.put = lambda name, data: put(name, b"x" + data[1:] if "part" in name else data)
        with pytest.raises(Exception, match="b/hal/part.py: is not as built"):
            flash.update(link, standin.make(root, 2), said.append)
    assert start(wand) == standin.started(1)


@pytest.mark.req("S-15")
def test_a_changed_file_is_named_at_power_on(wand):
    (wand / "a/hal/same.py").write_text("# changed\n")
    assert start(wand).endswith("files a/hal/same.py: is not as built, flash the wand anew")
    (wand / "boot.py").write_text("# changed\n")
    (wand / "a/hal/same.py").write_bytes(b"# in every version\n" * 60)
    assert start(wand).endswith("files boot.py: is not as built, flash the wand anew")
    (wand / "a/manifest.json").write_text('{"files": {}}')
    assert "manifest.json: missing or damaged" in start(wand)


@pytest.mark.req("S-12", "S-15")
def test_the_whole_wand_is_interrupted_updated_and_rolled_back(tmp_path, root, said):
    """The simulated wand's own build; Ctrl-C meets a running main loop."""
    build = builder.make(root, arch="x64")
    standin.put(build, tmp_path)
    with linked(tmp_path, pty_board.PATIENT) as (link, _):
        assert link.ask("board.gate()") is False and link.ask("board.read_dac()") == 0
        assert link.ask("check('a')") is None
        flash.update(link, standin.other(build, "9.9.9"), said.append)
        flash.show(link, said.append)
        new = said[0].split("-> ")[1].split(" in ")[0]
        assert said[1:] == [f"slot a: {build.name}", f"slot b: {new} in use"]
        link.restart()
    assert "2 files sent" in said[0]
    with linked(tmp_path, pty_board.PATIENT) as (link, _):
        assert link.ask("sys.path[0]") == "b"
        flash.rollback(link, said.append)
    with linked(tmp_path, pty_board.PATIENT) as (link, _):
        assert link.ask("(sys.path[0], check('a'))") == ("a", None)


class _Pulled(Exception):
    """The cable."""


def _pull_at(link, calls):
    run = link.run
    left = [calls]

    def counted(code):
        left[0] -= 1
        if left[0] < 0:
            raise _Pulled
        return run(code)

    link.run = counted


def _copy_before_each_call(link, folder, cuts):
    run = link.run
    copies = []

    def copying(code):
        copies.append(cuts / str(len(copies)))
        shutil.copytree(folder, copies[-1])
        return run(code)

    link.run = copying
    return copies
