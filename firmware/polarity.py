"""From a product's ion charge to the signs of the electrodes: the one thing never to get wrong.

One pure function, `derive`. The person chooses a product; everything follows from its charge.
The device polarity (the brief's word) is the sign of the *return* electrode, the one that attracts
the ions through the skin: anion -> POSITIVE, cation -> NEGATIVE [D polarity] [F-01].

    ion charge                   device polarity  return  active (roller)  bridge
    anion                        POSITIVE         +       - pushes anions  1
    cation                       NEGATIVE         -       + pushes cations 2
    neutral, electroosmosis      NEGATIVE         -       +                2
    anything else                none, refused    open    open             0
"""

from micropython import const

# Device polarity and the sign of an electrode: the same two numbers, and 0 for "none".
POSITIVE = const(1)
NEGATIVE = const(-1)
NONE = const(0)

# Bridge codes of the board contract.
BRIDGE_OPEN = const(0)  # all four switches off
BRIDGE_RETURN_POSITIVE = const(1)  # return electrode +, roller -
BRIDGE_RETURN_NEGATIVE = const(2)  # return electrode -, roller +

# Ion charge is the mean charge of a molecule in hundredths of an elementary charge: -95 is an acid
# that is 95 % ionised. Polymers count per repeating unit.
UNKNOWN = None
AMPHOTERIC = const(32767)  # net charge of uncertain sign, near the isoelectric point
CHARGE_MIN = const(5)  # below 0.05 e nothing is left to push: neutral (a judgement)
CHARGE_MAX = const(1000)  # more than 10 e on one ion is a typing error (a judgement)

# (device_polarity, active_electrode, return_electrode, bridge, reason). The reason is "" where
# the charge is accepted; one clear line where it is refused.
_ANION = (POSITIVE, NEGATIVE, POSITIVE, BRIDGE_RETURN_POSITIVE, "")
_CATION = (NEGATIVE, POSITIVE, NEGATIVE, BRIDGE_RETURN_NEGATIVE, "")


def _refused(reason):
    return (NONE, NONE, NONE, BRIDGE_OPEN, reason)


_UNKNOWN = _refused("ion charge unknown: refused, no safe polarity follows from it")
_AMPHOTERIC = _refused("amphoteric near its isoelectric point: refused, the sign is uncertain")
_NEUTRAL = _refused("neutral: refused, no charge to push (only with electroosmosis)")
_NOT_NEUTRAL = _refused("electroosmosis is for neutral products: this one carries a charge")


def derive(ion_charge, electroosmosis=False):
    """Return (device_polarity, active_electrode, return_electrode, bridge, reason).

    `ion_charge` in 0.01 e, UNKNOWN or AMPHOTERIC. Written as acceptance: what fits no line below,
    whatever its type, is unknown and gets an open bridge. Water flows from anode to cathode
    through skin (negative above pH 4 to 4.5), so electroosmosis runs as for a cation [D].
    """
    if type(ion_charge) is not int:
        return _UNKNOWN
    if ion_charge == AMPHOTERIC:
        return _AMPHOTERIC
    if electroosmosis is True:
        if -CHARGE_MIN < ion_charge < CHARGE_MIN:
            return _CATION
        if -CHARGE_MAX <= ion_charge <= CHARGE_MAX:
            return _NOT_NEUTRAL
    elif electroosmosis is False:
        if -CHARGE_MIN < ion_charge < CHARGE_MIN:
            return _NEUTRAL
        if -CHARGE_MAX <= ion_charge <= -CHARGE_MIN:
            return _ANION
        if CHARGE_MIN <= ion_charge <= CHARGE_MAX:
            return _CATION
    return _UNKNOWN
