"""A wand to hold, in a browser or a terminal, on the simulated board.

For cli.py; uses treatments/, release/, simulation/, trace/, device/. guest/ runs in the page's
MicroPython, page/ is the page itself.
"""

from pathlib import Path

GUEST = Path(__file__).with_name("guest")
TEXTS = Path(__file__).parent  # the page's words: treatments/texts.py
