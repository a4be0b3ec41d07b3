"""Products: what the person chooses from, checked by the wand itself before it believes any of it.

An entry says what the ion charge is and how much current and charge to give; signs of electrodes
are never in it (polarity.derive). Checks are acceptances: a field of any other type, size or
value gives one clear line and changes nothing [F-02] [R-07].
"""

import struct

from micropython import const

from firmware import polarity
from firmware.limits import (
    AFTER_PEEL_MAX_UA,
    CATALOGUE_MAX,
    CHARGE_MAX_UC,
    OUTPUT_MAX_MS,
    SETPOINT_MAX_UA,
    SETPOINT_MIN_UA,
)

AFTER_PEEL = const(1)  # for skin without its barrier: 125 µA at most [S-06]
ELECTROOSMOSIS = const(2)  # neutral, carried by the water that flows from the anode
PATCH_TEST = const(4)  # a small patch before a first treatment [F-04]
_FLAGS_ALL = const(7)

PATCH_TEST_UA = const(100)  # [F-04]
PATCH_TEST_S = const(60)  # [F-04]
TIME_MIN_S = const(10)  # shorter than ramp up and down together: a typing error
TIME_MAX_S = OUTPUT_MAX_MS // 1000
# The guard cuts at 5 mA·min by its own, coarser count [S-07]. A treatment that ends there would
# end as a fault half of the time, so a dose stays 5 % below.
DOSE_MAX_UC = CHARGE_MAX_UC - CHARGE_MAX_UC // 20
DOSE_MIN_UC = const(500)  # 50 µA for 10 s
ZONE_MIN_S = const(10)  # shorter is no time on a patch of skin
ZONE_MAX_S = const(250)  # a byte

ID_MAX = const(24)
NAME_MAX = const(32)
NOTES_MAX_BYTES = const(120)  # UTF-8; sixteen entries with it stay below one flash block of 4 KB
VERSION = const(2)  # of the packed catalogue: 1, before there were notes, left no workshop
# id, name, charge, setpoint µA, dose µC, time s, flags, zone s, notes. `zone` was padding, zero.
_ENTRY = "<24s32shHIHBB120s"
ENTRY_BYTES = const(188)

_ID_CHARS = "abcdefghijklmnopqrstuvwxyz0123456789-"


class Product:
    """One entry. Ends when `dose_uc` has been delivered, or after `time_s` where dose_uc is 0.

    For a dose, `time_s` is the time it takes at the full setpoint: what a progress display counts
    to. Where resistance limits the current, time stretches up to the hard timeout [F-06].
    """

    def __init__(
        self, id, name, ion_charge, setpoint_ua, dose_uc, time_s, flags=0, notes="", zone_s=0
    ):
        self.id = id
        self.name = name
        self.ion_charge = ion_charge  # 0.01 e, polarity.UNKNOWN or polarity.AMPHOTERIC
        self.setpoint_ua = setpoint_ua
        self.dose_uc = dose_uc
        self.time_s = time_s
        self.flags = flags
        self.notes = notes  # for people: the wand keeps them and acts on none
        self.zone_s = zone_s  # a beep so often, to move on; 0 for none

    @property
    def after_peel(self):
        return bool(self.flags & AFTER_PEEL)

    @property
    def electroosmosis(self):
        return bool(self.flags & ELECTROOSMOSIS)

    @property
    def patch_test(self):
        return bool(self.flags & PATCH_TEST)

    def electrodes(self):
        """polarity.derive for this product."""
        return polarity.derive(self.ion_charge, self.electroosmosis)


def for_patch_test(product):
    """Return the patch test of this very product: same charge and polarity, 1 min of 100 µA."""
    return Product(
        product.id,
        product.name,
        product.ion_charge,
        PATCH_TEST_UA,
        0,
        PATCH_TEST_S,
        product.flags | PATCH_TEST,
    )


def _is_int(value, low, high):
    return type(value) is int and low <= value <= high


def _text_fault(value, what, longest):
    if type(value) is not str or not 1 <= len(value) <= longest:
        return f"{what} must be text of 1 to {longest} characters"
    for char in value:
        if not " " <= char <= "~":
            return f"{what} may hold plain ASCII only"
    return None


def _id_fault(value):
    fault = _text_fault(value, "id", ID_MAX)
    if fault:
        return fault
    for char in value:
        if char not in _ID_CHARS:
            return f"id {value}: only a-z, 0-9 and - are allowed"
    return None


def check(product):
    """Return None where the wand may run this product, otherwise one line that says why not."""
    fault = _id_fault(product.id) or _text_fault(product.name, "name", NAME_MAX)
    if fault:
        return fault
    who = product.id
    if product.name.strip() != product.name:
        return f"{who}: name must not begin or end with a space"
    notes = product.notes
    if not (
        type(notes) is str and len(notes.encode()) <= NOTES_MAX_BYTES and min(notes or " ") >= " "
    ):
        return f"{who}: notes must be one line of at most {NOTES_MAX_BYTES} bytes in UTF-8"
    if not _is_int(product.flags, 0, _FLAGS_ALL):
        return f"{who}: flags must be 0 to {_FLAGS_ALL}"
    reason = product.electrodes()[4]
    if reason:
        return f"{who}: {reason}"
    highest = SETPOINT_MAX_UA
    if product.after_peel:
        highest = AFTER_PEEL_MAX_UA
    if product.patch_test:
        highest = min(highest, PATCH_TEST_UA)
    if not _is_int(product.setpoint_ua, SETPOINT_MIN_UA, highest):
        return f"{who}: setpoint must be {SETPOINT_MIN_UA} to {highest} uA"
    longest = PATCH_TEST_S if product.patch_test else TIME_MAX_S
    if not _is_int(product.time_s, TIME_MIN_S, longest):
        return f"{who}: time must be {TIME_MIN_S} to {longest} s"
    full_uc = product.setpoint_ua * product.time_s
    if not full_uc <= DOSE_MAX_UC:
        return f"{who}: setpoint x time is {full_uc} uC, allowed are {DOSE_MAX_UC}"
    if product.zone_s != 0 and not _is_int(product.zone_s, ZONE_MIN_S, ZONE_MAX_S):
        return f"{who}: zone must be {ZONE_MIN_S} to {ZONE_MAX_S} s, or 0 for no beep to move on"
    if product.dose_uc == 0 and type(product.dose_uc) is int:
        return None
    if not _is_int(product.dose_uc, DOSE_MIN_UC, DOSE_MAX_UC):
        return f"{who}: dose must be {DOSE_MIN_UC} to {DOSE_MAX_UC} uC, or 0 to end by time"
    if not product.dose_uc <= full_uc:
        return f"{who}: dose {product.dose_uc} uC needs more than setpoint x time = {full_uc} uC"
    return None


def check_all(products):
    """Return None where this is a catalogue that the wand may use, otherwise one line."""
    if not 1 <= len(products) <= CATALOGUE_MAX:
        return f"{len(products)} products, allowed are 1 to {CATALOGUE_MAX}"
    seen = {}
    for product in products:
        fault = check(product)
        if fault:
            return fault
        if product.id in seen:
            return f"{product.id}: id occurs twice"
        seen[product.id] = product
    return None


def find(products, id):
    """Index of the product with this id, otherwise -1."""
    for index in range(len(products)):
        if products[index].id == id:
            return index
    return -1


def pack(products):
    """Return the payload of a catalogue record; ValueError with one line where it is refused."""
    fault = check_all(products)
    if fault:
        raise ValueError(fault)
    return b"".join([_pack_entry(product) for product in products])


def _pack_entry(product):
    return struct.pack(
        _ENTRY,
        product.id.encode(),
        product.name.encode(),
        product.ion_charge,
        product.setpoint_ua,
        product.dose_uc,
        product.time_s,
        product.flags,
        product.zone_s,
        product.notes.encode(),
    )


def _text(raw):
    """Text up to the padding; what isn't ASCII becomes a character that no check accepts."""
    return "".join([chr(byte) for byte in raw.rstrip(b"\x00")])


def unpack(payload, version=VERSION):
    """Return the products of a catalogue payload; ValueError with one line where it is refused."""
    if version != VERSION:
        raise ValueError(f"catalogue version {version}, this wand reads {VERSION}")
    count = len(payload) // ENTRY_BYTES
    if count * ENTRY_BYTES != len(payload) or not 1 <= count <= CATALOGUE_MAX:
        raise ValueError(f"catalogue of {len(payload)} bytes: not 1 to {CATALOGUE_MAX} entries")
    products = []
    for at in range(0, len(payload), ENTRY_BYTES):
        id, name, charge, setpoint_ua, dose_uc, time_s, flags, zone_s, notes = struct.unpack_from(
            _ENTRY, payload, at
        )
        id = _text(id)
        try:
            notes = notes.rstrip(b"\x00").decode()
        except ValueError:  # UnicodeError is one
            raise ValueError(f"{id}: notes are not UTF-8")
        products.append(
            Product(id, _text(name), charge, setpoint_ua, dose_uc, time_s, flags, notes, zone_s)
        )
    fault = check_all(products)
    if fault:
        raise ValueError(fault)
    return products


# The default catalogue, actives from [D ion charge from chemistry]; pKa textbook values,
# unverified. Entry 0 is what the wand offers after power-on.
# fmt: off
DEFAULT = (
    # Sodium ascorbyl phosphate at pH 7: -1 from the phosphate's first proton, -1 from the enol's
    # (3.4), -0.76 from the phosphate's second (6.5): the trisodium salt.
    # 250 µA for 5 min [F-04].
    Product("vitamin-c", "Sodium ascorbyl phosphate", -276, 250, 75_000, 300),
    # Carboxyl of each disaccharide, pKa 3.0: fully ionised at pH 6.5.
    Product("hyaluronate", "Sodium hyaluronate", -100, 250, 75_000, 300),
    Product("magnesium", "Magnesium chloride or sulfate", 200, 250, 75_000, 300),
    # An anion, as the product on offer first; the cations' stands last. The patch test of another
    # product is for_patch_test(product), with that product's own charge.
    Product("patch-test", "Patch test, anionic product", -100, PATCH_TEST_UA, 0, 60, PATCH_TEST),
    # pKa 4.2: 95 % ionised at pH 5.5. A serum at pH 3.2 is 9 % ionised and does not belong here.
    Product(
        "ascorbic-acid", "Ascorbic acid at pH 5.5", -95, 250, 75_000, 300, 0,
        "Measure its pH: at pH 3.2 only 9 % is ionised.",
    ),
    # Neutral above pH 5: only the water flow from the anode carries it.
    Product(
        "niacinamide", "Niacinamide, electroosmosis", 0, 250, 75_000, 300, ELECTROOSMOSIS,
        "Neutral: only water carries it.",
    ),
    # Zwitterion at neutral pH; at pH 3.3 the carboxyl (4.3) is 9 % ionised, the amine wholly.
    Product(
        "tranexamic-acid", "Tranexamic acid at pH 3.3", 91, 250, 75_000, 300, 0,
        "Only below pH 4.",
    ),
    # Salicylic (3.0) and glycolic acid (3.8), at pH 4.5, irritate: lowest level, shorter.
    Product(
        "salicylic-acid", "Salicylic acid at pH 4.5", -97, 125, 22_500, 180, 0,
        "Never after a peel.",
    ),
    Product(
        "glycolic-acid", "Glycolic acid at pH 4.5", -83, 125, 22_500, 180, 0,
        "Never after a peel.",
    ),
    # pKa 4.5 and 5.5, at pH 6: 24 % carry one charge, 75 % two.
    Product("azelaic-acid", "Azelaic acid at pH 6", -175, 250, 75_000, 300),
    # pKa 2.1, 3.5, 8.7 acid, 9.6 base, at pH 6.5: -1 - 1 + 1 - 0.01.
    Product("glutathione", "Glutathione at pH 6.5", -101, 250, 75_000, 300),
    # Guanidine (12.5) and amine (9.0) against one carboxyl, at pH 6.
    Product("arginine", "Arginine at pH 6", 100, 250, 75_000, 300),
    Product("zinc", "Zinc sulfate or gluconate", 200, 125, 37_500, 300),
    Product("calcium", "Calcium chloride or lactate", 200, 250, 75_000, 300),
    # After microdermabrasion or a peel there is no barrier: the lowest level [S-06].
    Product(
        "vitamin-c-peel", "Ascorbyl phosphate after a peel", -276, 125, 37_500, 300, AFTER_PEEL
    ),
    # For a person whose product is a cation and was tested here already. Last: numbers stay.
    Product("patch-test-cation", "Patch test, cationic product", 100, PATCH_TEST_UA, 0, 60,
            PATCH_TEST),
)
# fmt: on
