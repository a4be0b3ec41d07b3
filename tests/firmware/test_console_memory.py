"""What a host may ask of the wand's memory: bounded, and checked on the wand again."""

import pytest
from plain_board import PlainBoard

from firmware import (
    app,
    arming,
    console,
    journal,
    logbook,
    products,
    rest,
    service,
    store,
    treatment,
)
from firmware.ring import Ring


@pytest.mark.req("F-13", "F-02")
def test_the_catalogue_that_is_there():
    board = PlainBoard()
    assert console.catalogue(board) == (0, products.pack(products.DEFAULT))
    payload = products.pack(products.DEFAULT[1:3])
    assert console.set_catalogue(board, bytearray(payload)) == 1
    assert console.catalogue(board) == (1, payload)
    for copy in (".a", ".b"):
        board.files[store.CATALOGUE + copy] = b"\xff" * 40
    with pytest.raises(ValueError, match="push one anew"):
        console.catalogue(board)


@pytest.mark.req("F-13", "R-07", "S-13")
@pytest.mark.parametrize("payload", [None, "text", 5, b"", b"no catalogue"])
def test_what_is_no_catalogue_changes_nothing(payload):
    board = PlainBoard()
    with pytest.raises(ValueError):
        console.set_catalogue(board, payload)
    assert board.files == {}


@pytest.mark.req("F-13", "F-11")
def test_sessions_are_read_and_nothing_is_repaired():
    board = PlainBoard()
    assert console.sessions(board) == (1, 0)
    assert console.session(board, 1) is None
    ring = Ring(board.read, board.write)
    record = journal.Record()
    for _ in range(2):
        record.begin(products.DEFAULT[0], 3900, logbook.FIRMWARE, 1, 1)
        record.end("stopped", 5, 1000, 2000, 3800, 0, 0)
        ring.append(record)
    whole = board.files["journal.00"]
    board.files["journal.00"] = whole[:100]  # a power cut, before the wand's next start
    assert console.sessions(board) == (1, 2)
    assert board.files["journal.00"] == whole[:100]
    board.files["journal.00"] = whole
    assert console.session(board, 2)["end"] == "stopped"
    for number in ("1", None, 1.0, True):
        with pytest.raises(ValueError, match="whole number"):
            console.session(board, number)


@pytest.mark.req("F-13")
def test_versions_are_those_of_the_records():
    assert console.versions() == (products.VERSION, journal.VERSION)


@pytest.mark.req("S-07", "F-13")
def test_a_clinic_says_that_it_treats_more_than_one_person():
    class Running:
        board = PlainBoard()

    app.App.running = Running
    try:
        console.set_many_people(True)
        assert rest.many_people(Running.board)
        console.set_many_people(False)
        assert not rest.many_people(Running.board)
    finally:
        app.App.running = None


@pytest.mark.req("F-13", "S-15")
def test_a_bench_names_a_converter_of_twelve_bits():
    coarse = [1, 0, 0, 16, 32, 16, 48, 0, 0, 48]
    with pytest.raises(ValueError, match="ADS1015"):
        service._check_load(10_000, coarse, coarse)


@pytest.mark.req("F-01")
def test_a_product_without_a_sign_is_not_armed_for():
    neutral = products.Product("water", "Water", 0, 250, 75_000, 300)
    assert arming.refusal(PlainBoard(), 3900, neutral, rest.Rest()) == treatment.PRODUCT
