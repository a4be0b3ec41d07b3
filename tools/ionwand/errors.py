"""What the command line turns into one line and an exit code.

Two kinds, because a script tells them apart: asked for something wrong (2), or it went wrong (1).
"""


class BadInput(Exception):
    """A file, name or value from outside isn't acceptable: one line, exit 2."""


class RunFailed(Exception):
    """The simulated wand broke off: what the interpreter said, exit 1."""
