"""Whatever of a cable is pulled at whatever byte, the wand is whole and the page says one line."""

import json

import pytest

from ionwand.device import link as cable
from ionwand.device import pty_board, source

pytestmark = pytest.mark.skipif(
    pty_board.MICROPYTHON is None, reason="MicroPython's Unix port is not installed"
)


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
def test_a_wand_that_treats_is_ended_first(treating, treatment, drive):
    with pty_board.PtyBoard(treating(treatment[:3], "treating")) as board:
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
