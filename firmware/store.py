"""What the wand remembers between sessions: calibration, catalogue, choice, permanent faults.

Files come in as the board's two functions read(name) and write(name, bytes). Damaged is never
the same as missing: a damaged record is a fault, a missing one has a stated meaning.
"""

import struct

from firmware import calibration, faults, products, records

CALIBRATION = "calibration"
CATALOGUE = "catalogue"
CHOICE = "choice"
FAULTS = "faults"
_VERSION = 1


def load_calibration(board):
    """(Calibration, 0), or (nominal one for the display, CALIBRATION fault) [S-17]."""
    status, _, _, payload = records.load(board.read, CALIBRATION, records.CALIBRATION)
    loaded = None
    if status == records.OK:
        loaded, _ = calibration.unpack(payload, board.identity())
    if loaded is None:
        return calibration.Calibration(), faults.CALIBRATION
    return loaded, 0


def save_calibration(board, values):
    """Keep these coefficients for this board. Raises ValueError for implausible ones."""
    why = calibration.check(values)
    if why:
        raise ValueError(why)
    payload = calibration.Calibration(board.identity(), values).pack()
    records.save(
        board.read, board.write, CALIBRATION, records.CALIBRATION, calibration.VERSION, payload
    )


def load_catalogue(board):
    """(products, 0): the stored ones, or the default where none were ever stored [F-02]."""
    status, version, _, payload = records.load(board.read, CATALOGUE, records.CATALOGUE)
    if status == records.MISSING:
        return products.DEFAULT, 0
    if status == records.OK:
        try:
            return products.unpack(payload, version), 0
        except ValueError:
            pass
    return products.DEFAULT, faults.CATALOGUE


def load_choice(board, catalogue):
    """Index of the product chosen last, 0 where that is not known."""
    status, _, _, payload = records.load(board.read, CHOICE, records.CHOICE)
    if status != records.OK:
        return 0
    for index in range(len(catalogue)):
        if catalogue[index].id.encode() == payload:
            return index
    return 0


def save_choice(board, product):
    """Remember the product for the next power-on."""
    payload = product.id.encode()
    records.save(board.read, board.write, CHOICE, records.CHOICE, _VERSION, payload)


def load_faults(board):
    """(bits, first) that were latched and not serviced; a damaged record is a fault too."""
    status, _, _, payload = records.load(board.read, FAULTS, records.FAULTS)
    if status == records.MISSING:
        return 0, 0
    if status != records.OK or len(payload) != 8:
        return faults.FILES, faults.FILES
    bits, first = struct.unpack("<II", payload)
    return bits & 0x3FFFFFFF, first & 0x3FFFFFFF


def save_faults(board, bits, first):
    """Keep permanent faults over a power cycle; 0, 0 after service [S-20]."""
    payload = struct.pack("<II", bits, first)
    records.save(board.read, board.write, FAULTS, records.FAULTS, _VERSION, payload)
