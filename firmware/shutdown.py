"""All that can be switched off, switched off [S-12].

`everything` is what FAULT, REFUSED and sleep leave behind: a gate that is stuck has nothing to
pass on then. `dead` is how a program leaves the wand that ends: it looks and is like a dead one.
"""


def everything(output, board):
    """Gate, DAC, rail, both switches, dummy; the self-test that leads out of it begins with on.

    The bridge follows once nothing flows [S-09]: ending.settle.
    """
    output.disarm()
    board.set_rail(False)
    board.set_switches(False, False)
    board.set_dummy(False)
    board.set_feeds(True, True)
    board.set_threshold(False)
    board.set_comparator(True)


def _gate(output, board):
    output.disarm()


def _rail(output, board):
    board.set_rail(False)


def _switches(output, board):
    board.set_switches(False, False)


def _dummy(output, board):
    board.set_dummy(False)


def _dark(output, board):
    board.panel(0, 0, 0, 0)


_PARTS = (_gate, _rail, _switches, _dummy, _dark)


def dead(output, board):
    """Each part whatever became of the others. Never raises, allocates nothing."""
    for part in _PARTS:
        try:
            part(output, board)
        except Exception:
            pass  # the one that ends the program says it
