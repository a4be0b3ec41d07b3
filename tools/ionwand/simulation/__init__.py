"""Plays a session on this machine: the script, the interpreter, and what is shown meanwhile.

For emulation/, virtual/ and the proofs; uses trace/ and device/. guest/ runs inside the
interpreter under test, which has no host modules.
"""

from pathlib import Path

GUEST = Path(__file__).with_name("guest")
