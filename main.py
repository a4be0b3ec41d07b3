"""The wand. boot.py has turned the output off before this."""

import hal
from firmware.app import App

board = hal.open_board()
App(board).run()
