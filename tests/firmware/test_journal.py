"""The journal: what a record keeps, and a ring that no power cut turns into a third state."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from power import Files, PowerCut
from unix_port import run

from firmware import journal, products, records, ring
from firmware.journal import POINTS_MAX, Record
from firmware.ring import KEPT, SLOTS, Ring

VITAMIN_C = products.DEFAULT[0]


def finished(seconds=3, reason="complete", product=VITAMIN_C):
    record = Record()
    record.begin(product, 3900, 0x000100, 4, 5)
    for second in range(seconds):
        record.highest(249)
        record.sample(250, 249, 50_000 - 10 * second)
    record.end(reason, 250 * seconds, 1000 * seconds, 1000 * seconds + 500, 3850)
    return record


def unpacked(record, number=1):
    return journal.unpack(record.pack(number))


@pytest.mark.req("F-11")
def test_what_a_record_keeps():
    record = finished(300)
    record.lift()
    record.lift()
    kept = unpacked(record, 77)
    series = kept.pop("series")
    assert kept == {
        "number": 77,
        "product": "vitamin-c",
        "ion_charge": -276,
        "bridge": 1,
        "flags": 0,
        "end": "complete",
        "points": 150,
        "interval_s": 2,
        "setpoint_ua": 250,
        "mean_ua": 250,
        "peak_ua": 249,
        "lifts": 2,
        "z_first_ohm": 50_000,
        "z_min_ohm": 47_010,
        "z_max_ohm": 50_000,
        "z_last_ohm": 47_010,
        "target_uc": 75_000,
        "dose_uc": 75_000,
        "output_ms": 300_000,
        "session_ms": 300_500,
        "faults": 0,
        "first_fault": 0,
        "battery_start_mv": 3900,
        "battery_end_mv": 3850,
        "firmware": 0x000100,
        "catalogue": 4,
        "calibration": 5,
    }
    assert len(series) == 150
    assert series[0] == (250, 249, 49_990)


@pytest.mark.req("F-11", "S-20")
def test_fault_refusal_and_flags_are_kept():
    flags = products.AFTER_PEEL | products.PATCH_TEST
    record = Record()
    record.begin(products.Product("p", "P", 0, 100, 0, 60, flags), 3700)
    record.limited()
    record.end("fault", 10, 0, 20, 3600, 0b110, 0b100)
    kept = unpacked(record)
    assert kept["flags"] == (
        journal.FLAG_AFTER_PEEL | journal.FLAG_PATCH_TEST | journal.FLAG_RESISTANCE_LIMIT
    )
    assert (kept["end"], kept["faults"], kept["first_fault"]) == ("fault", 6, 4)
    assert kept["mean_ua"] == 0
    assert kept["series"] == []
    record.begin(products.Product("p", "P", None, 100, 0, 60, products.ELECTROOSMOSIS), 3700)
    record.end("product", 0, 0, 0, 3700)
    kept = unpacked(record)
    assert kept["flags"] == journal.FLAG_ELECTROOSMOSIS
    assert (kept["ion_charge"], kept["bridge"]) == (journal.CHARGE_UNKNOWN, 0)


@pytest.mark.req("F-11")
def test_begin_forgets_the_session_before():
    record = finished(100)
    record.lift()
    record.begin(VITAMIN_C, 3900)
    record.end("stopped", 0, 0, 0, 3900)
    fresh = Record()
    fresh.begin(VITAMIN_C, 3900)
    fresh.end("stopped", 0, 0, 0, 3900)
    assert record.pack(1) == fresh.pack(1)


@pytest.mark.req("F-11")
@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.integers(0, 600), st.integers(-1, 800_000)),
        max_size=1300,
    )
)
def test_series_is_the_mean_of_its_seconds(samples):
    record = Record()
    record.begin(VITAMIN_C, 3900)
    for sample in samples:
        record.highest(sample[1])
        record.sample(*sample)
    record.end("stopped", 0, 0, 0, 3900)
    kept = unpacked(record)
    interval = kept["interval_s"]
    assert interval in (1, 2, 4, 8)
    assert kept["points"] == len(kept["series"]) == len(samples) // interval <= POINTS_MAX
    for at, (set_ua, delivered_ua, z_ohm) in enumerate(kept["series"]):
        part = samples[at * interval : (at + 1) * interval]
        # Each halving rounds down by less than one.
        assert 0 <= sum(s for s, _, _ in part) / interval - set_ua < 4
        assert 0 <= sum(d for _, d, _ in part) / interval - delivered_ua < 4
        readings = [min(z, 655_350) for _, _, z in part if z > 0]
        if not readings:
            assert z_ohm == 0
        else:
            assert min(readings) - 40 < z_ohm <= max(readings)
    readings = [z for _, _, z in samples if z > 0]
    assert kept["z_first_ohm"] == (readings[0] if readings else 0)
    assert kept["z_last_ohm"] == (readings[-1] if readings else 0)
    assert kept["z_min_ohm"] == min(readings, default=0)
    assert kept["z_max_ohm"] == max(readings, default=0)
    assert kept["peak_ua"] == max((d for _, d, _ in samples), default=0)


@pytest.mark.req("F-11")
def test_absurd_numbers_are_capped_and_the_record_is_kept():
    record = Record()
    record.begin(VITAMIN_C, 10**6)
    record.highest(10**9)
    record.sample(10**9, 10**9, 10**9)
    record.sample(-5, -5, -5)
    record.end("fault", -1, 10**12, 10**12, -1, 2**40, 2**40)
    kept = unpacked(record)
    assert kept["battery_start_mv"] == 0xFFFF
    assert (kept["dose_uc"], kept["battery_end_mv"]) == (0, 0)
    assert kept["output_ms"] == kept["faults"] == 0xFFFFFFFF
    assert kept["series"] == [(0xFFFF, 0xFFFF, 655_350), (0, 0, 0)]


@pytest.mark.req("R-07")
def test_what_is_no_record_gives_none():
    payload = bytes(finished().pack(1))
    assert journal.unpack(payload) is not None
    assert journal.unpack(payload, 2) is None
    for length in range(len(payload)):
        assert journal.unpack(payload[:length]) is None
    wrong_end = bytearray(payload)
    wrong_end[4 + 24 + 2 + 1 + 1] = len(journal.ENDS)
    assert journal.unpack(wrong_end) is None


@pytest.mark.req("R-07")
@given(st.binary(max_size=200))
def test_hostile_payload_raises_nothing(payload):
    kept = journal.unpack(payload)
    assert kept is None or kept["end"] in journal.ENDS


def opened(files):
    journal_ring = Ring(files.read, files.write)
    journal_ring.open()
    return journal_ring


def view(files):
    """All that the journal shows."""
    journal_ring = opened(files)
    return [
        (number, (journal_ring.session(number) or {}).get("dose_uc"))
        for number in journal_ring.numbers()
    ]


@pytest.mark.req("F-11")
def test_ring_keeps_200_sessions_in_bounded_files():
    assert KEPT >= 200
    files = Files()
    journal_ring = opened(files)
    assert list(journal_ring.numbers()) == []
    for number in range(1, SLOTS + 51):
        record = Record()
        record.begin(VITAMIN_C, 3900)
        record.end("complete", number, 1000, 1000, 3900)
        assert journal_ring.append(record) == number
    last = SLOTS + 50
    expected = [(number, number) for number in range(last - KEPT + 1, last + 1)]
    assert view(files) == expected
    assert journal_ring.session(last - KEPT) is None
    assert journal_ring.session(last + 1) is None
    assert journal_ring.session(0) is None
    assert len(files.content) == ring.SEGMENTS + 1
    # One flash block of 4 KB each.
    assert max(len(content) for content in files.content.values()) <= 4096
    # Without the spare file, the segments alone tell.
    del files.content[ring.SPARE]
    assert view(files) == expected


def cut_everywhere(before, in_place, step):
    """Cut an append at every `step`th byte: what the next start shows is the old or the new."""
    files = Files(in_place)
    journal_ring = opened(files)
    for number in range(1, before + 1):
        record = Record()
        record.begin(VITAMIN_C, 3900)
        record.end("complete", number, 1000, 1000, 3900)
        journal_ring.append(record)
    old = view(files)
    record = finished(40)
    new_files = files.copy()
    opened(new_files).append(record)
    new = view(new_files)
    assert new != old
    seen = []
    cut = 0
    while True:
        trial = files.copy()
        trial_ring = opened(trial)
        trial.cut_after(cut)
        try:
            trial_ring.append(record)
        except PowerCut:
            trial.cut_after(None)
        else:
            break
        after = view(trial)
        assert after in (old, new), cut
        seen.append(after == new)
        cut += step
    assert seen == sorted(seen)  # old up to one byte, new from there on
    assert {True, False} == set(seen)


@pytest.mark.req("R-06")
@pytest.mark.parametrize("in_place", [False, True])
def test_power_cut_at_every_byte_of_the_first_sessions(in_place):
    cut_everywhere(0, in_place, 11 if in_place else 1)
    cut_everywhere(4, in_place, 17)


@pytest.mark.req("R-06")
@pytest.mark.parametrize("before", [SLOTS - 1, SLOTS, SLOTS + 1, SLOTS + 2])
def test_power_cut_where_the_ring_is_full(before):
    cut_everywhere(before, False, 397)


@pytest.mark.req("R-06")
def test_power_cut_during_the_repair():
    """The start after a cut is cut as well, at every byte: the one after it still repairs."""
    files = Files()
    for _ in range(4):
        opened(files).append(finished(1))
    cut = files.copy()
    cut.cut_after(ring.SEGMENT_BYTES + records.OVERHEAD_BYTES + 100)
    with pytest.raises(PowerCut):
        opened(cut).append(finished(400))
    for left in range(0, ring.SEGMENT_BYTES, 7):
        again = cut.copy()
        again.cut_after(left)
        with pytest.raises(PowerCut):
            opened(again)
        again.cut_after(None)
        assert [number for number, _ in view(again)] == [1, 2, 3, 4, 5]


@pytest.mark.req("R-06", "F-11")
def test_damaged_slot_loses_one_session_only():
    files = Files()
    for _ in range(7):
        opened(files).append(finished(2))
    name = ring.segment_name(1)
    content = bytearray(files.content[name])
    content[journal.SLOT_BYTES + 40] ^= 1  # second slot of the segment 3, 4, 5
    files.content[name] = bytes(content)
    assert [number for number, dose in view(files) if dose is None] == [4]


@pytest.mark.req("R-07")
def test_hostile_files_do_no_harm():
    good = Files()
    for _ in range(4):
        opened(good).append(finished(2))
    names = [ring.SPARE, ring.segment_name(0), ring.segment_name(1)]
    huge = records.pack(records.SEGMENT, 1, 2**30 - 1, bytes(ring.SEGMENT_BYTES))
    small = records.pack(records.SEGMENT, 1, 3, b"")
    far = records.pack(records.SESSION, 1, 2**30 - 1, bytes(finished().pack(1)))
    for name in names:
        for content in (b"", b"x", bytes(5000), b"\xff" * 5000, huge, small, far, far * 20):
            files = good.copy()
            files.content[name] = content
            journal_ring = opened(files)
            assert journal_ring.last <= 4
            number = journal_ring.append(finished(2))
            assert number <= 5
            assert opened(files).session(number)["product"] == "vitamin-c"


@pytest.mark.req("F-11")
def test_record_of_another_slot_is_not_shown():
    files = Files()
    for _ in range(5):
        opened(files).append(finished(2))
    files.content[ring.segment_name(0)] = files.content[ring.segment_name(1)]
    assert [number for number, dose in view(files) if dose is None] == [1, 2]
    del files.content[ring.segment_name(0)]
    assert [number for number, dose in view(files) if dose is None] == [1, 2]


@pytest.mark.req("F-11", "P-06")
def test_unix_port_same_record_and_no_allocation_in_a_session():
    source = (
        "import micropython\n"
        "from firmware import journal, products, ring\n"
        "record = journal.Record()\n"
        "record.begin(products.DEFAULT[0], 3900, 256, 4, 5)\n"
        "def go():\n"
        "    for second in range(900):\n"
        "        record.highest(249)\n"
        "        record.sample(250, 249, 50000 - 10 * second)\n"
        "    record.lift()\n"
        "micropython.heap_lock()\n"
        "go()\n"
        "micropython.heap_unlock()\n"
        "record.end('complete', 75000, 300000, 300500, 3850)\n"
        "print(bytes(record.pack(7)).hex())\n"
        "files = {}\n"
        "def write(name, data): files[name] = bytes(data)\n"
        "for _ in range(5):\n"
        "    kept = ring.Ring(files.get, write)\n"
        "    kept.open()\n"
        "    kept.append(record)\n"
        "third = kept.session(3)\n"
        "print(third['number'], third['end'], len(third['series']))\n"
    )
    record = Record()
    record.begin(VITAMIN_C, 3900, 256, 4, 5)
    for second in range(900):
        record.highest(249)
        record.sample(250, 249, 50_000 - 10 * second)
    record.lift()
    record.end("complete", 75_000, 300_000, 300_500, 3850)
    assert run(source) == bytes(record.pack(7)).hex() + "\n3 complete 112\n"
