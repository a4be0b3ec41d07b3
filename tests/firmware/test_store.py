"""What the wand remembers: damaged is never missing, and a bad value is not kept."""

import pytest
from plain_board import PlainBoard

from firmware import calibration, faults, products, records, store


def damage(board, name, copies=(".a", ".b")):
    for copy in copies:
        board.files[name + copy] = b"\xff" * 40


def stored(board, name, kind, payload, version=1):
    records.save(board.read, board.write, name, kind, version, payload)


@pytest.mark.req("S-17")
def test_calibration_missing_damaged_or_kept():
    board = PlainBoard()
    assert store.load_calibration(board)[1] == faults.CALIBRATION
    store.save_calibration(board, calibration.HIGHEST)
    loaded, fault = store.load_calibration(board)
    assert fault == 0 and loaded.values == calibration.HIGHEST
    damage(board, store.CALIBRATION, (".a",))
    assert store.load_calibration(board)[1] == 0, "the other copy is whole"
    damage(board, store.CALIBRATION)
    loaded, fault = store.load_calibration(board)
    assert fault == faults.CALIBRATION and loaded.values == calibration.NOMINAL


@pytest.mark.req("S-17", "R-07")
def test_an_implausible_calibration_is_not_kept():
    board = PlainBoard()
    with pytest.raises(ValueError, match="dac_pa_per_code"):
        store.save_calibration(board, (1,) + calibration.NOMINAL[1:])
    assert board.files == {}


@pytest.mark.req("F-02", "S-15")
def test_catalogue_missing_damaged_or_kept():
    board = PlainBoard()
    assert store.load_catalogue(board) == (products.DEFAULT, 0)
    stored(board, store.CATALOGUE, records.CATALOGUE, products.pack(products.DEFAULT[1:3]),
           products.VERSION)  # fmt: skip
    kept, fault = store.load_catalogue(board)
    assert fault == 0 and [p.id for p in kept] == [p.id for p in products.DEFAULT[1:3]]
    stored(board, store.CATALOGUE, records.CATALOGUE, b"no catalogue", products.VERSION)
    assert store.load_catalogue(board) == (products.DEFAULT, faults.CATALOGUE)
    damage(board, store.CATALOGUE)
    assert store.load_catalogue(board) == (products.DEFAULT, faults.CATALOGUE)


@pytest.mark.req("F-02", "F-10")
def test_choice_kept_unknown_or_missing():
    board = PlainBoard()
    assert store.load_choice(board, products.DEFAULT) == 0
    store.save_choice(board, products.DEFAULT[2])
    assert store.load_choice(board, products.DEFAULT) == 2
    assert store.load_choice(board, products.DEFAULT[:2]) == 0, "it left the catalogue"


@pytest.mark.req("S-20")
def test_faults_kept_cleared_or_damaged():
    board = PlainBoard()
    assert store.load_faults(board) == (0, 0)
    store.save_faults(board, faults.DAC | faults.RAIL, faults.RAIL)
    assert store.load_faults(board) == (faults.DAC | faults.RAIL, faults.RAIL)
    store.save_faults(board, 0, 0)
    assert store.load_faults(board) == (0, 0)
    stored(board, store.FAULTS, records.FAULTS, b"seven b")
    assert store.load_faults(board) == (faults.FILES, faults.FILES)
    damage(board, store.FAULTS)
    assert store.load_faults(board) == (faults.FILES, faults.FILES)


@pytest.mark.req("S-20", "F-10")
def test_every_fault_has_its_name():
    for index, name in enumerate(faults.NAMES):
        assert faults.name(1 << index) == name
        assert faults.names(1 << index) == [name]
    assert faults.name(0) == "" and faults.names(0) == []
    assert faults.name(faults.DAC | faults.RAIL) == "dac"
