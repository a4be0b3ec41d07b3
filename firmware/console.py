"""What a host may ask of the wand's memory, over mpremote: bounded, and checked here again.

`board` is what main.py left behind when Ctrl-C ended it; the output is off by then and the board
refuses to write while it isn't [S-13] [F-13]. Nothing here moves a limit or starts current.
"""

from firmware import journal, products, records, store
from firmware.ring import Ring


def catalogue(board):
    """(sequence, payload) of the stored catalogue; (0, the built-in one) where none is stored."""
    status, version, sequence, payload = records.load(
        board.read, store.CATALOGUE, records.CATALOGUE
    )
    if status == records.MISSING:
        return (0, products.pack(products.DEFAULT))
    if status != records.OK:
        raise ValueError("the stored catalogue is damaged: push one anew")
    products.unpack(payload, version)
    return (sequence, payload)


def set_catalogue(board, payload):
    """Keep this catalogue if the wand may use all of it; ValueError and no change otherwise."""
    if not isinstance(payload, (bytes, bytearray)):
        raise ValueError("a catalogue is bytes")
    products.unpack(payload)
    return records.save(
        board.read,
        board.write,
        store.CATALOGUE,
        records.CATALOGUE,
        products.VERSION,
        bytes(payload),
    )


def _ring(board):
    # Read only: repairing what a power cut left is the wand's own start's work.
    ring = Ring(board.read, _kept)
    ring.open()
    return ring


def _kept(name, data):
    pass


def sessions(board):
    """(oldest, newest) number in the journal; (1, 0) where it is empty."""
    numbers = _ring(board).numbers()
    return (numbers[0], numbers[-1]) if len(numbers) else (1, 0)


def session(board, number):
    """One session as journal.unpack gives it, or None."""
    if type(number) is not int:
        raise ValueError("a session is a whole number")
    return _ring(board).session(number)


def versions():
    """(of the catalogue, of the journal): what the host must speak."""
    return (products.VERSION, journal.VERSION)
