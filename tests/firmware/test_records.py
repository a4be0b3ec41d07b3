"""Records: a power cut at any byte, any damage, and nothing but the old or the new one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from power import Files, PowerCut
from unix_port import run

from firmware import records
from firmware.records import CATALOGUE, DAMAGED, MISSING, OK, SESSION

NAME = "catalogue"


@pytest.mark.req("R-06")
@given(st.integers(0, 255), st.integers(0, 2**30 - 1), st.binary(max_size=300))
def test_what_goes_in_comes_out(version, sequence, payload):
    data = records.pack(CATALOGUE, version, sequence, payload)
    assert len(data) == len(payload) + records.OVERHEAD_BYTES
    assert records.unpack(data, CATALOGUE) == (version, sequence, payload)
    assert records.unpack(data + b"tail", CATALOGUE) == (version, sequence, payload)
    assert records.unpack(data, SESSION) is None


@pytest.mark.req("R-06", "R-07")
def test_every_truncation_and_every_wrong_bit_is_refused():
    data = records.pack(CATALOGUE, 1, 7, b"some payload")
    for length in range(len(data)):
        assert records.unpack(data[:length], CATALOGUE) is None
    for bit in range(8 * len(data)):
        wrong = bytearray(data)
        wrong[bit // 8] ^= 1 << bit % 8
        assert records.unpack(wrong, CATALOGUE) is None


@pytest.mark.req("R-07")
@given(st.binary(max_size=80))
def test_hostile_bytes_raise_nothing(data):
    assert records.unpack(data, CATALOGUE) is None
    assert records.unpack(b"IWP" + data, CATALOGUE) is None


@pytest.mark.req("R-07")
def test_what_may_not_be_written_is_refused_in_one_line():
    with pytest.raises(ValueError, match="payload of 8193 bytes, allowed are 8192"):
        records.pack(CATALOGUE, 1, 1, bytes(8193))
    for sequence in (-1, 2**30):
        with pytest.raises(ValueError, match="sequence"):
            records.pack(CATALOGUE, 1, sequence, b"")


@pytest.mark.req("R-07")
@pytest.mark.parametrize(("sequence", "length"), [(2**30, 0), (2**32 - 1, 0), (1, 8193)])
def test_absurd_header_with_a_right_crc_is_refused(sequence, length):
    import binascii
    import struct

    header = struct.pack("<2sBBIHH", b"IW", CATALOGUE, 1, sequence, length, length ^ 0xFFFF)
    body = header + bytes(length)
    data = body + struct.pack("<I", binascii.crc32(body))
    assert records.unpack(data, CATALOGUE) is None


@pytest.mark.req("R-06")
def test_newest_whole_copy_wins():
    old = records.pack(CATALOGUE, 1, 4, b"old")
    new = records.pack(CATALOGUE, 1, 5, b"new")
    assert records.pick(old, new, CATALOGUE) == (1, 5, b"new", 1)
    assert records.pick(new, old, CATALOGUE) == (1, 5, b"new", 0)
    assert records.pick(new, new, CATALOGUE) == (1, 5, b"new", 0)
    assert records.pick(old, new[:-1], CATALOGUE) == (1, 4, b"old", 0)
    assert records.pick(None, old, CATALOGUE) == (1, 4, b"old", 1)
    assert records.pick(None, b"", CATALOGUE) is None
    assert records.next_slot(old, new, CATALOGUE) == (0, 6)
    assert records.next_slot(new, old, CATALOGUE) == (1, 6)
    assert records.next_slot(None, None, CATALOGUE) == (0, 1)


@pytest.mark.req("R-06")
def test_states_of_what_is_stored():
    files = Files()
    assert records.load(files.read, NAME, CATALOGUE) == (MISSING, 0, 0, b"")
    assert records.save(files.read, files.write, NAME, CATALOGUE, 1, b"one") == 1
    assert records.save(files.read, files.write, NAME, CATALOGUE, 2, b"two") == 2
    assert records.load(files.read, NAME, CATALOGUE) == (OK, 2, 2, b"two")
    files.content[NAME + ".a"] = b"damaged"
    assert records.load(files.read, NAME, CATALOGUE) == (OK, 2, 2, b"two")
    files.content[NAME + ".b"] = b"damaged"
    assert records.load(files.read, NAME, CATALOGUE) == (DAMAGED, 0, 0, b"")


@pytest.mark.req("R-06")
@pytest.mark.parametrize("saves_before", [0, 1, 2, 3])
@pytest.mark.parametrize("in_place", [False, True])
def test_power_cut_at_every_byte_of_a_save(saves_before, in_place):
    files = Files(in_place)
    for number in range(saves_before):
        records.save(files.read, files.write, NAME, CATALOGUE, 1, b"record %d" % number)
    old = records.load(files.read, NAME, CATALOGUE)
    new = (OK, 1, saves_before + 1, b"the next record, longer")
    seen = set()
    cut = 0
    while True:
        trial = files.copy()
        trial.cut_after(cut)
        try:
            records.save(trial.read, trial.write, NAME, CATALOGUE, 1, new[3])
        except PowerCut:
            pass
        else:
            break
        after = records.load(trial.read, NAME, CATALOGUE)
        assert after in (old, new), cut
        seen.add(after)
        # And the next start can save again.
        trial.cut_after(None)
        records.save(trial.read, trial.write, NAME, CATALOGUE, 1, b"again")
        assert records.load(trial.read, NAME, CATALOGUE)[3] == b"again"
        cut += 1
    assert seen == {old, new}
    assert cut == 2 * (len(new[3]) + records.OVERHEAD_BYTES)


@pytest.mark.req("R-06")
def test_same_on_the_unix_port():
    source = (
        "from firmware import records\n"
        "data = records.pack(records.CATALOGUE, 1, 2 ** 30 - 1, b'payload')\n"
        "print(data.hex(), records.unpack(data, records.CATALOGUE))\n"
        "print(records.unpack(data[:-1], records.CATALOGUE))\n"
    )
    data = records.pack(CATALOGUE, 1, 2**30 - 1, b"payload")
    assert run(source) == f"{data.hex()} {(1, 2**30 - 1, b'payload')}\nNone\n"
