"""Waiting is for time and for readings, and a reading that never comes is an error [S-19]."""

import pytest
from plain_board import PlainBoard

from firmware import waiting
from firmware.calibration import Calibration
from firmware.output import Output


@pytest.mark.req("S-19", "S-15")
def test_no_readings_are_an_error():
    board = PlainBoard()
    output = Output(board, Calibration())
    output.arm()
    board.frames_stand = True
    with pytest.raises(OSError, match="no readings"):
        for _ in waiting.readings(output, board, 5):
            board.step()
            output.beat()
