"""The catalogue: what the wand believes, what it refuses and in which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unix_port import run

from firmware import limits, polarity, products
from firmware.products import (
    AFTER_PEEL,
    DEFAULT,
    ELECTROOSMOSIS,
    PATCH_TEST,
    Product,
    check,
    check_all,
)

FIELDS = ("id", "name", "ion_charge", "setpoint_ua", "dose_uc", "time_s", "flags", "notes",
          "zone_s")  # fmt: skip
GOOD = {
    "id": "some-gel",
    "name": "Some gel",
    "ion_charge": -100,
    "setpoint_ua": 250,
    "dose_uc": 75_000,
    "time_s": 300,
    "flags": 0,
    "notes": "",
    "zone_s": 0,
}


def product(**changes):
    return Product(**dict(GOOD, **changes))


def values(entry):
    return tuple(getattr(entry, name) for name in FIELDS)


@pytest.mark.req("F-02", "F-04")
def test_default_catalogue():
    assert check_all(DEFAULT) is None
    first = DEFAULT[0]
    assert values(first)[0] == "vitamin-c"
    assert (first.setpoint_ua, first.dose_uc, first.time_s) == (250, 75_000, 300)
    assert "ascorbyl phosphate" in first.name
    assert len(DEFAULT) <= limits.CATALOGUE_MAX == 16


@pytest.mark.req("F-01", "F-02")
@pytest.mark.parametrize(
    ("id", "bridge"),
    [
        ("vitamin-c", 1),
        ("hyaluronate", 1),
        ("magnesium", 2),
        ("patch-test", 1),
        ("ascorbic-acid", 1),
        ("niacinamide", 2),
        ("tranexamic-acid", 2),
        ("salicylic-acid", 1),
        ("glycolic-acid", 1),
        ("azelaic-acid", 1),
        ("glutathione", 1),
        ("arginine", 2),
        ("zinc", 2),
        ("calcium", 2),
        ("vitamin-c-peel", 1),
        ("patch-test-cation", 2),
    ],
)
def test_default_signs(id, bridge):
    entry = DEFAULT[products.find(DEFAULT, id)]
    assert entry.id == id
    assert entry.electrodes()[3] == bridge


@pytest.mark.req("F-02")
def test_the_table_above_is_the_whole_default():
    assert len(DEFAULT) == 16
    assert products.find(DEFAULT, "lidocaine") == -1


# pKa of acid groups, pKa of basic groups, pH: domain.md's table, the pH from the entry's name.
CHEMISTRY = {
    "vitamin-c": ((1.0, 3.4, 6.5), (), 7.0),
    "hyaluronate": ((3.0,), (), 6.5),
    "ascorbic-acid": ((4.2, 11.6), (), 5.5),
    "tranexamic-acid": ((4.3,), (10.6,), 3.3),
    "salicylic-acid": ((3.0,), (), 4.5),
    "glycolic-acid": ((3.8,), (), 4.5),
    "azelaic-acid": ((4.5, 5.5), (), 6.0),
    "glutathione": ((2.1, 3.5, 8.7), (9.6,), 6.5),
    "arginine": ((2.2,), (9.0, 12.5), 6.0),
    "vitamin-c-peel": ((1.0, 3.4, 6.5), (), 7.0),
}
IONS = {"magnesium": 200, "zinc": 200, "calcium": 200, "niacinamide": 0, "patch-test": -100,
        "patch-test-cation": 100}  # fmt: skip


@pytest.mark.req("F-01", "F-02")
@pytest.mark.parametrize("entry", DEFAULT, ids=lambda entry: entry.id)
def test_default_charges_follow_from_pka_and_ph(entry):
    if entry.id in IONS:
        assert entry.ion_charge == IONS[entry.id]
        return
    acids, bases, ph = CHEMISTRY[entry.id]
    # Weight of each number of lost protons; pKa values are those of the whole molecule.
    weights = [1.0]
    for pka in sorted(acids + bases):
        weights.append(weights[-1] * 10 ** (ph - pka))
    lost = sum(count * weight for count, weight in enumerate(weights)) / sum(weights)
    assert entry.ion_charge == round(100 * (len(bases) - lost))


@pytest.mark.req("F-04")
@pytest.mark.parametrize("entry", DEFAULT, ids=lambda entry: entry.id)
def test_default_doses_are_level_times_time(entry):
    assert entry.dose_uc in (0, entry.setpoint_ua * entry.time_s)
    assert entry.setpoint_ua in limits.LEVELS_UA + (products.PATCH_TEST_UA,)


@pytest.mark.req("F-04")
def test_patch_test_is_a_minute_of_100_ua():
    entry = DEFAULT[products.find(DEFAULT, "patch-test")]
    assert (entry.setpoint_ua, entry.time_s, entry.dose_uc) == (100, 60, 0)
    assert entry.patch_test


@pytest.mark.req("F-01", "F-04")
def test_patch_test_of_any_product_keeps_its_polarity():
    for entry in DEFAULT:
        patch = products.for_patch_test(entry)
        assert check(patch) is None
        assert patch.electrodes() == entry.electrodes()
        assert (patch.setpoint_ua, patch.time_s, patch.dose_uc) == (100, 60, 0)
        assert patch.patch_test
        assert patch.after_peel == entry.after_peel


@pytest.mark.req("F-02", "S-01", "S-06", "S-07")
@pytest.mark.parametrize(
    ("changes", "accepted"),
    [
        ({}, True),
        ({"setpoint_ua": 500, "time_s": 300}, True),
        ({"setpoint_ua": 501}, False),
        ({"setpoint_ua": 50, "dose_uc": 0}, True),
        ({"setpoint_ua": 49, "dose_uc": 0}, False),
        ({"setpoint_ua": 125, "dose_uc": 0, "flags": AFTER_PEEL}, True),
        ({"setpoint_ua": 126, "dose_uc": 0, "flags": AFTER_PEEL}, False),
        ({"setpoint_ua": 100, "dose_uc": 0, "time_s": 60, "flags": PATCH_TEST}, True),
        ({"setpoint_ua": 101, "dose_uc": 0, "time_s": 60, "flags": PATCH_TEST}, False),
        ({"setpoint_ua": 100, "dose_uc": 0, "time_s": 61, "flags": PATCH_TEST}, False),
        ({"setpoint_ua": 100, "dose_uc": 0, "time_s": 60, "flags": PATCH_TEST | AFTER_PEEL}, True),
        ({"time_s": 900}, True),
        ({"time_s": 901}, False),
        ({"time_s": 10, "dose_uc": 0}, True),
        ({"time_s": 9, "dose_uc": 0}, False),
        ({"setpoint_ua": 500, "time_s": 570, "dose_uc": 285_000}, True),
        ({"setpoint_ua": 500, "time_s": 571, "dose_uc": 285_000}, False),
        ({"setpoint_ua": 500, "time_s": 600, "dose_uc": 0}, False),
        ({"dose_uc": 75_001}, False),
        ({"dose_uc": 500}, True),
        ({"dose_uc": 499}, False),
        ({"dose_uc": -1}, False),
        ({"zone_s": 9}, False),
        ({"zone_s": 10}, True),
        ({"zone_s": 250}, True),
        ({"zone_s": 251}, False),
        ({"flags": 8, "dose_uc": 0}, False),
        ({"flags": -1, "dose_uc": 0}, False),
        ({"ion_charge": 0}, False),
        ({"ion_charge": 0, "flags": ELECTROOSMOSIS}, True),
        ({"flags": ELECTROOSMOSIS}, False),
        ({"ion_charge": polarity.UNKNOWN}, False),
        ({"ion_charge": polarity.AMPHOTERIC}, False),
        ({"ion_charge": polarity.AMPHOTERIC, "flags": ELECTROOSMOSIS}, False),
        ({"id": "a" * 24}, True),
        ({"id": "a" * 25}, False),
        ({"id": ""}, False),
        ({"id": "Vitamin"}, False),
        ({"id": "a b"}, False),
        ({"id": "a\x00"}, False),
        ({"name": "n" * 32}, True),
        ({"name": "n" * 33}, False),
        ({"name": ""}, False),
        ({"name": " gel"}, False),
        ({"name": "gel "}, False),
        ({"name": "gel\n"}, False),
        ({"name": "gel\x00"}, False),
        ({"name": "\x7f"}, False),
        ({"name": "crème"}, False),
    ],
)
def test_bounds(changes, accepted):
    line = check(product(**changes))
    assert (line is None) == accepted, line
    if not accepted:
        assert "\n" not in line
        with pytest.raises(ValueError) as raised:
            products.pack([product(**changes)])
        assert str(raised.value) == line


HOSTILE = [None, True, 1.5, float("nan"), float("inf"), -1, 10**30, "250", b"250", [], {}]


@pytest.mark.req("R-07")
@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_fields_are_refused_in_one_line(field, value):
    line = check(product(**{field: value}))
    if field in ("id", "name", "notes") and value == "250":
        assert line is None
    elif field == "ion_charge" and value == -1:
        assert "neutral" in line
    else:
        assert line
        assert "\n" not in line


@pytest.mark.req("R-07")
def test_dose_that_equals_zero_but_is_no_number_is_refused():
    assert check(product(dose_uc=False))
    assert check(product(dose_uc=0.0))


@pytest.mark.req("F-02")
def test_catalogue_has_1_to_16_products_and_no_twins():
    many = [product(id=f"gel-{index}") for index in range(17)]
    assert check_all(many[:16]) is None
    assert len(products.unpack(products.pack(many[:16]))) == 16
    assert "17 products, allowed are 1 to 16" in check_all(many)
    assert "0 products" in check_all([])
    assert check_all([product(), product()]) == "some-gel: id occurs twice"
    assert "setpoint" in check_all([product(), product(id="other", setpoint_ua=600)])


@pytest.mark.req("F-02")
def test_packed_catalogue_comes_back():
    payload = products.pack(DEFAULT)
    assert len(payload) == len(DEFAULT) * products.ENTRY_BYTES
    assert [values(entry) for entry in products.unpack(payload)] == [
        values(entry) for entry in DEFAULT
    ]


@pytest.mark.req("F-02")
def test_notes_are_kept_to_the_letter():
    notes = "Gel with saline; lot 4711, pH 6,9 – nicht auf Wunden ✓ " + "é" * 30
    assert 110 <= len(notes.encode()) <= products.NOTES_MAX_BYTES
    (back,) = products.unpack(products.pack([product(notes=notes)]))
    assert back.notes == notes


@pytest.mark.req("F-02", "R-07")
@pytest.mark.parametrize(
    "notes", [None, b"gel", 5, "é" * 61, "a" * 121, "two\nlines", "\x1b[2J", "\x00"]
)
def test_notes_are_one_bounded_line_of_text(notes):
    assert "notes must be one line of at most 120 bytes" in check(product(notes=notes))
    assert check(product(notes="é" * 60)) is None


@pytest.mark.req("R-07")
def test_damaged_payload_is_refused():
    payload = products.pack(DEFAULT)
    for length in (0, 1, products.ENTRY_BYTES - 1, products.ENTRY_BYTES + 1, len(payload) - 1):
        with pytest.raises(ValueError, match="bytes: not 1 to 16 entries"):
            products.unpack(payload[:length])
    with pytest.raises(ValueError, match="not 1 to 16"):
        products.unpack(bytes(17 * products.ENTRY_BYTES))
    for version in (0, 1, 3, 255):
        with pytest.raises(ValueError, match=f"version {version}, this wand reads 2"):
            products.unpack(payload, version)
    with pytest.raises(ValueError, match="occurs twice"):
        products.unpack(payload[: products.ENTRY_BYTES] * 2)


@pytest.mark.req("R-07", "S-01")
@given(st.binary(min_size=188, max_size=188))
def test_any_bytes_give_a_legal_product_or_a_line(payload):
    try:
        entries = products.unpack(payload)
    except ValueError as error:
        assert str(error)
    else:
        assert check_all(entries) is None


@pytest.mark.req("R-07", "S-01", "S-06", "S-07", "F-01")
@given(
    st.builds(
        Product,
        st.just("gel"),
        st.just("Gel"),
        st.one_of(st.none(), st.integers(-1100, 1100), st.integers()),
        st.one_of(st.integers(0, 600), st.integers()),
        st.one_of(st.just(0), st.integers(0, 400_000), st.integers()),
        st.one_of(st.integers(0, 1000), st.integers()),
        st.one_of(st.integers(0, 9), st.integers()),
        st.one_of(st.just("pH 7, é 漢 ✓"), st.text(max_size=200)),
        st.one_of(st.just(0), st.integers(0, 300), st.integers()),
    )
)
def test_what_is_accepted_keeps_every_limit_and_fits_its_record(entry):
    if check(entry) is not None:
        return
    assert entry.electrodes()[3] in (1, 2)
    assert 50 <= entry.setpoint_ua <= (125 if entry.after_peel else 500)
    assert entry.setpoint_ua * entry.time_s < limits.CHARGE_MAX_UC
    assert entry.dose_uc <= entry.setpoint_ua * entry.time_s
    assert entry.time_s * 1000 <= limits.OUTPUT_MAX_MS
    assert [values(e) for e in products.unpack(products.pack([entry]))] == [values(entry)]


@pytest.mark.req("F-02")
def test_same_on_the_unix_port():
    source = (
        "from firmware import products\n"
        "payload = products.pack(products.DEFAULT)\n"
        "print(payload.hex())\n"
        "print(products.pack(products.unpack(payload)) == payload)\n"
        "for bad in (1.5, True, None, 'x', 501, 10 ** 30):\n"
        "    print(products.check(products.Product('a', 'b', -100, bad, 0, 60)))\n"
        "for bad in (payload[:-1], payload[:188] * 2, bytes(188), b'\\xff' * 188,\n"
        "            payload[:70] + b'\\xc3(' + payload[72:]):\n"
        "    try:\n"
        "        products.unpack(bad)\n"
        "    except ValueError as error:\n"
        "        print(error)\n"
    )
    lines = run(source).splitlines()
    assert lines[0] == products.pack(DEFAULT).hex()
    assert lines[1] == "True"
    assert lines[2:8] == ["a: setpoint must be 50 to 500 uA"] * 6
    assert lines[8] == "catalogue of 3007 bytes: not 1 to 16 entries"
    assert lines[9] == "vitamin-c: id occurs twice"
    assert lines[10] == "id must be text of 1 to 24 characters"
    assert lines[11].endswith(": notes are not UTF-8")
    assert lines[12] == "vitamin-c: notes are not UTF-8"
