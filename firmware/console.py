"""What a host may ask of the wand over mpremote: bounded, and checked here again [F-13].

`board` is what main.py left behind when Ctrl-C ended it; the output is off by then and the board
refuses to write while it isn't [S-13]. Nothing here moves a limit. Current flows only by way of
service.py, once somebody has held the wand's button [S-14].
"""

import binascii

from firmware import (
    blackbox,
    calibration,
    faults,
    gestures,
    journal,
    products,
    records,
    rest,
    store,
)
from firmware.ring import Ring

_UNDO = "undo"  # the calibration before the present one


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


def blackboxes(board):
    """Numbers of the black boxes that are kept, oldest first."""
    return blackbox.sequences(board.read)


def blackbox_of(board, number):
    """The payload of one, for blackbox.unpack; None where it is not kept."""
    if type(number) is not int:
        raise ValueError("a black box is a whole number")
    return blackbox.load(board.read, number)


def versions():
    """(of the catalogue, of the journal): what the host must speak."""
    return (products.VERSION, journal.VERSION)


def _app():
    """What Ctrl-C interrupted."""
    from firmware.app import App

    if App.running is None:
        raise ValueError("the wand's program has not run yet: restart the wand")
    return App.running


def _latched(app):
    """(bits, first) of faults, those kept over power cycles among them."""
    bits, first = store.load_faults(app.board)
    return bits | app.faults.bits, app.faults.first or first


def set_many_people(many):
    """True: this wand treats more than one person, so that holding the button for 3 s, where a
    rest is asked for, says that another one follows. It moves no limit of one session."""
    rest.set_many_people(_app().board, many)


def status():
    """Print what the wand knows about itself, a line each: name, colon, value."""
    from firmware.session import STATES

    app = _app()
    board = app.board
    bits, first = _latched(app)
    loaded, damaged = store.load_calibration(board)
    for name, value in (
        ("board", binascii.hexlify(board.identity()).decode()),
        ("state", STATES[app.session.state]),
        ("output", bool(board.gate())),
        ("faults", faults.names(bits)),
        ("first_fault", faults.name(first)),
        ("battery_mv", app.battery_mv),
        ("vbus", bool(board.vbus())),
        ("files", board.check_files()),
        ("calibrated", not damaged),
        ("calibration", loaded.values),
        ("products", len(app.catalogue)),
        ("sessions", sessions(board)),
        ("rest_s", app.rest.left_ms // 1000 if app.rest.spent_uc else 0),
        ("charge_in_an_hour_uc", app.rest.spent_uc),
        ("many_people", rest.many_people(board)),
    ):
        print("%s: %r" % (name, value))


def selftest():
    """The self-test, once the button was held for 1.5 s. Name of the fault, "" where it passed.

    Nothing may lie between the electrodes: the test waits for that and then uses its own dummy.
    """
    return _selftest(gestures.HOLD)


def _selftest(hold):
    from firmware import selftest, service

    board = _app().board
    bits, fault = service.run(board, hold, lambda output: selftest.self_test(output, board))
    return faults.name(bits or fault)


def clear_faults():
    """Forget all faults, permanent ones too: the button held for 3 s and a self-test [S-20].

    Returns the name of what keeps them, "" where they are gone.
    """
    app = _app()
    damaged = store.load_calibration(app.board)[1] | store.load_catalogue(app.board)[1]
    app.board.reset_latch()  # of the comparator, which trips again where its cause is still there
    fault = faults.name(damaged) or _selftest(gestures.ACK)
    if not fault:
        store.save_faults(app.board, 0, 0)
        app.faults.clear()
    return fault


def sweep(load_ohm, bridges, points_ua, go):
    """Current into a known load, step by step, as service.sweep says; prints its lines.

    `go()`: None, or the host's character. Raises ValueError for anything that ended it.
    """
    from firmware import service

    service.check_sweep(load_ohm, bridges, points_ua)
    app = _app()
    board = app.board
    bits = _latched(app)[0] & ~(faults.RECOVERABLE | faults.CALIBRATION)
    if bits:
        raise ValueError("service these faults first: " + ", ".join(faults.names(bits)))
    bits, _ = service.run(
        board,
        gestures.HOLD,
        lambda output: service.sweep(board, output, load_ohm, bridges, points_ua, go, print),
    )
    if bits:
        raise ValueError("ended by " + ", ".join(faults.names(bits)))


def set_calibration(values):
    """Keep these coefficients for this board, and the present ones for `undo_calibration`."""
    if type(values) not in (tuple, list):
        raise ValueError("a calibration is %d whole numbers" % len(calibration.NAMES))
    why = calibration.check(values)
    if why:
        raise ValueError(why)
    board = _app().board
    loaded, damaged = store.load_calibration(board)
    if not damaged:
        _keep(board, _UNDO, loaded)
    store.save_calibration(board, values)


def undo_calibration():
    """Exchange the present calibration for the one before. Returns its coefficients."""
    board = _app().board
    status, _, _, payload = records.load(board.read, _UNDO, records.CALIBRATION)
    if status != records.OK:
        raise ValueError("no calibration before this one is kept")
    before, why = calibration.unpack(payload, board.identity())
    if why:
        raise ValueError(why)
    set_calibration(before.values)
    return before.values


def _keep(board, name, kept):
    records.save(
        board.read, board.write, name, records.CALIBRATION, calibration.VERSION, kept.pack()
    )
