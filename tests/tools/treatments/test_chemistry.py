"""Charges of domain.md's table from pKa and pH: worked by hand, by pHcalc, and by a textbook."""

import numpy
import pytest
from pHcalc.pHcalc import Acid

from ionwand.device import source
from ionwand.errors import BadInput
from ionwand.treatments import catalogue, chemistry
from ionwand.treatments.chemistry import Molecule

# molecule, pH, net charge worked out with a pocket calculator: 10^(pH - pKa) step by step.
WORKED = (
    (Molecule((4.2, 11.6)), 3.0, -0.059),
    (Molecule((4.2, 11.6)), 3.2, -0.091),
    (Molecule((4.2, 11.6)), 5.5, -0.952),
    (Molecule((1.0, 6.5)), 5.0, -1.031),
    (Molecule((1.0, 6.5)), 7.0, -1.760),
    (Molecule((3.0,)), 6.5, -1.000),
    (Molecule((), (3.4,)), 6.5, 0.001),
    (Molecule((4.3,), (10.6,)), 3.3, 0.909),
    (Molecule((4.3,), (10.6,)), 7.0, 0.002 - 0.0003),
    (Molecule((3.0,)), 4.5, -0.969),
    (Molecule((3.8,)), 4.5, -0.834),
    (Molecule((4.5, 5.5)), 6.0, -1.746),
    (Molecule((2.1, 3.5, 8.7), (9.6,)), 6.5, -1.006),
    (Molecule((2.2,), (9.0, 12.5)), 6.0, 0.999),
    (Molecule(fixed=2.0), 5.0, 2.0),
)


@pytest.mark.req("F-01", "F-02")
@pytest.mark.parametrize(("molecule", "ph", "expected"), WORKED)
def test_net_charge_as_worked_out_by_hand(molecule, ph, expected):
    assert chemistry.charge(molecule, ph) == pytest.approx(expected, abs=0.0015)


@pytest.mark.req("F-01", "F-02")
@pytest.mark.parametrize("molecule", sorted({str(row[0]): row[0] for row in WORKED}.items()))
def test_net_charge_as_an_independent_library_has_it(molecule, monkeypatch):
    """pHcalc solves the equilibria by their constants. 0.2.0 calls numpy 1's name of cumprod."""
    monkeypatch.setattr(numpy, "cumproduct", numpy.cumprod, raising=False)
    molecule = molecule[1]
    pkas = sorted(molecule.acids + molecule.bases)
    if not pkas:
        assert {chemistry.charge(molecule, ph) for ph in (2, 7, 10)} == {molecule.fixed}
        return
    other = Acid(pKa=pkas, charge=len(molecule.bases))
    for ph in (tenth / 10 for tenth in range(20, 101)):
        theirs = float((other.alpha(ph) * other.charge).sum())
        assert chemistry.charge(molecule, ph) == pytest.approx(theirs, abs=1e-9), ph


@pytest.mark.req("F-01")
@pytest.mark.parametrize(
    ("acids", "bases", "expected"),
    [
        # pKa and pI as Lehninger's table of amino acids prints them.
        ((2.34,), (9.60,), 5.97),  # glycine
        ((1.88, 3.65), (9.60,), 2.77),  # aspartate
        ((2.19, 4.25), (9.67,), 3.22),  # glutamate
        ((1.82,), (6.00, 9.17), 7.59),  # histidine
        ((2.18,), (8.95, 10.53), 9.74),  # lysine
        ((2.17,), (9.04, 12.48), 10.76),  # arginine
    ],
)
def test_isoelectric_points_of_a_textbook(acids, bases, expected):
    point = chemistry.isoelectric_point(Molecule(acids, bases))
    assert point == pytest.approx(expected, abs=0.011)


@pytest.mark.req("F-02")
def test_it_explains_itself():
    line = chemistry.explain("ascorbic acid", Molecule((4.2, 11.6)), 3.2, "an ascorbyl phosphate")
    assert line == (
        "ascorbic acid at pH 3.2 is 9 % ionised: weak; buffer to pH 5 or use an ascorbyl phosphate"
    )


@pytest.mark.req("F-01")
def test_zwitterions_are_refused_near_their_isoelectric_point_only():
    tranexamic = Molecule((4.3,), (10.6,))
    assert chemistry.isoelectric_point(tranexamic) == pytest.approx(7.45, abs=0.01)
    assert chemistry.uncertain_sign(tranexamic, 7.0)
    assert not chemistry.uncertain_sign(tranexamic, 3.3)
    assert not chemistry.uncertain_sign(Molecule((2.2,), (9.0, 12.5)), 6.0)
    assert chemistry.isoelectric_point(Molecule((3.0,))) is None


@pytest.mark.req("F-02")
def test_shipped_catalogue_is_the_wands_own_default():
    shipped = [one.product for one in catalogue.load(catalogue.DEFAULT)]
    default = list(source.products().values())
    assert catalogue.wand().pack(shipped) == catalogue.wand().pack(default)


GOOD = {"id": "gel", "name": "Gel", "acid_pka": [3.0], "ph": 6.0, "current_ua": 250,
        "time_s": 300}  # fmt: skip
NAN, INF = float("nan"), float("inf")


@pytest.mark.req("F-01", "F-02", "R-07")
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "Lidocaine gel"}, "drug"),
        ({"name": "Dexamethasone phosphate"}, "drug"),
        ({"name": "Dexa-methasone gel"}, "dexamethason is a drug"),
        ({"name": "Rosehip oil"}, "not water-soluble"),
        ({"id": "retinyl-palmitate"}, "not water-soluble"),
        ({"acid_pka": []}, "unknown"),
        ({"ph": None}, "ph must be"),
        ({"ph": NAN}, "ph must be"),
        ({"ph": INF}, "ph must be"),
        ({"ph": -1}, "ph must be"),
        ({"ph": 7, "acid_pka": [NAN]}, "acid_pka must be"),
        ({"acid_pka": [1e300]}, "acid_pka must be"),
        ({"acid_pka": [3.0] * 9}, "at most 8"),
        ({"acid_pka": "3"}, "must be a list"),
        ({"acid_pka": [4.3], "base_pka": [10.6], "ph": 7.0}, "isoelectric"),
        ({"acid_pka": [], "ion_charge": [1, -1]}, "opposite"),
        ({"acid_pka": [], "ion_charge": []}, "unknown"),
        ({"acid_pka": [], "ion_charge": 0}, "neutral"),
        ({"acid_pka": [], "ion_charge": NAN}, "ion_charge must be"),
        ({"ion_charge": 1}, "not both"),
        ({"acid_pka": [], "ion_charge": -1}, "no pH changes: leave ph out"),
        ({"current_ua": 501}, "setpoint must be 50 to 500 uA; current_ua is 501"),
        ({"current_ua": 250.0}, "whole number"),
        ({"current_ua": True}, "whole number"),
        ({"current_ua": 10**30}, "setpoint must be"),
        ({"time_s": -5}, "time must be"),
        ({"after_peel": True}, "50 to 125 uA, as the product is marked after_peel; .* is 250"),
        # What people write who know skin and not this file.
        ({"name": "Jojoba"}, "not water-soluble"),
        ({"name": "Vitamin A serum"}, "not water-soluble"),
        ({"name": "Vitamin-E acetate"}, "not water-soluble"),
        ({"name": "Shea"}, "not water-soluble"),
        ({"name": "Retinoic acid 0.025"}, "drug"),
        ({"name": "EMLA"}, "drug"),
        ({"name": "Numbing gel, benzocaine"}, "drug"),
        ({"name": "Cortisone"}, "drug"),
        ({"id": "tap-water"}, "tap water is no product"),
        ({"acid_pka": None}, "must be a list"),
        ({"ph": "5,5"}, "ph must be a number from 2 to 10; it is '5,5'"),
        ({"acid_pka": [], "ion_charge": "negative"}, "from -10 to 10; it is 'negative'"),
        ({"current_ua": 0.25}, "a whole number of µA, 250 for 0.25 mA; it is 0.25"),
        ({"time_s": 5}, "time must be 10 to 900 s; time_s is 5"),
        ({"dose_uc": 1.25}, "75000 for 1.25 mA·min; it is 1.25"),
        ({"dose_uc": 80_000}, "needs more than setpoint x time"),
        ({"name": "Hyaluronsäure"}, "plain ASCII"),
        ({"id": "My Gel"}, "only a-z, 0-9 and -"),
        ({"aferpeel": True}, "unknown key 'aferpeel'"),
        ({"after_peel": 1}, "true or false"),
        ({"polarity": "positive"}, "unknown key"),
        ({"name": 5}, "must be text"),
        ({"notes": 5}, "notes must be"),
        ({"notes": "two\nlines"}, "notes must be one line"),
        ({"notes": "\x85"}, "notes must be one line"),
        ({"notes": "é" * 61}, "at most 120 bytes"),
        ({"instead": 5}, "instead must be text"),
    ],
)
def test_refusals_are_one_line_that_names_the_entry(changes, says):
    with pytest.raises(ValueError, match=says) as raised:
        catalogue.entry({**GOOD, **changes})
    line = str(raised.value)
    assert "\n" not in line and line.startswith(f"{changes.get('id', 'gel')}: ")


@pytest.mark.req("F-02")
def test_what_is_neutral_in_a_mixture_is_said_to_stay():
    row = {**GOOD, "ion_charge": [-1, 0]}
    del row["acid_pka"], row["ph"]
    made = catalogue.entry(row)
    assert made.product.ion_charge == -100
    assert "what is neutral in it stays" in made.words


@pytest.mark.req("F-02")
@pytest.mark.parametrize("key", ["current_ua", "time_s"])
def test_a_missing_number_is_missing(key):
    with pytest.raises(ValueError, match=f"gel: {key} is missing: a whole number of"):
        catalogue.entry({name: value for name, value in GOOD.items() if name != key})


@pytest.mark.req("F-02")
def test_a_file_that_begins_as_windows_writes_them(tmp_path):
    path = tmp_path / "c.toml"
    path.write_bytes(b"\xef\xbb\xbf" + catalogue.DEFAULT.read_bytes())
    assert len(catalogue.load(path)) == len(catalogue.load(catalogue.DEFAULT))


@pytest.mark.req("R-07")
@pytest.mark.parametrize(
    "text",
    ["", "x", "[product]", "product = 5", "product = [5]", "[[product]]\n" * 17,
     "[[other]]", "a = " + "[" * 5000, "\x00", "[[product]]\nid = 'é'\nname = 'x'"],
)  # fmt: skip
def test_hostile_files_give_one_line(tmp_path, text):
    path = tmp_path / "c.toml"
    path.write_text(text)
    with pytest.raises(BadInput) as raised:
        catalogue.load(path)
    assert "\n" not in str(raised.value)


@pytest.mark.req("F-01", "F-02")
@pytest.mark.parametrize(
    ("acids", "bases", "ph", "says"),
    [
        # What was rounded to an anion while the text beside it said neutral.
        ((7.8,), (), 6.5, "neutral"),  # 3-O-ethyl ascorbic acid, -0.048
        ((7.9,), (), 6.6, "neutral"),  # kojic acid, -0.048
        ((9.85,), (), 8.57, "neutral"),
        # What the water, which flows from the anode, would carry the other way.
        ((7.7,), (), 6.6, "the other way"),  # EGCG, -0.07
        ((7.7,), (), 7.1, "the other way"),  # EGCG, -0.20
        ((4.2, 11.6), (), 3.2, "the other way.*buffer to pH 5"),  # ascorbic acid, -0.09
        # A sign that an error of pH or pKa turns.
        ((4.3,), (10.6,), 5.5, "within the error"),  # tranexamic acid, +0.06
        ((), (3.4,), 4.6, "within the error"),  # niacinamide, +0.06
    ],
)
def test_charges_too_small_to_follow_are_refused(acids, bases, ph, says):
    row = {**GOOD, "acid_pka": list(acids), "base_pka": list(bases), "ph": ph}
    with pytest.raises(ValueError, match=says):
        catalogue.entry(row)


@pytest.mark.req("F-01")
def test_a_weak_cation_may_go_with_the_water_and_an_anion_may_not():
    row = {**GOOD, "acid_pka": [], "base_pka": [3.4], "ph": 4.0, "electroosmosis": True}
    made = catalogue.entry(row)
    assert made.product.ion_charge == 0 and made.product.electrodes()[1] == 1
    row = {**GOOD, "acid_pka": [7.7], "ph": 7.0, "electroosmosis": True}
    with pytest.raises(ValueError, match="the other way"):
        catalogue.entry(row)


@pytest.mark.req("F-02")
def test_advice_never_takes_skin_where_it_should_not_be():
    """Every acid and base, at every pH: what is advised lies within pH 4 to 7.5."""
    for tenth in range(0, 140, 3):
        for ph in (2.0, 3.2, 3.9, 5.0, 6.6, 8.0, 10.0):
            for molecule in (Molecule((tenth / 10,)), Molecule((), (tenth / 10,)),
                             Molecule((4.3,), (tenth / 10,))):  # fmt: skip
                advised = chemistry.ph_for(molecule, chemistry.STRONG, ph)
                assert advised is None or 4.0 <= advised <= 7.5
                if advised is not None:
                    here = chemistry.charge(molecule, ph)
                    assert here * chemistry.charge(molecule, advised) > 0
    assert "choose another product" in chemistry.explain("x", Molecule((), (3.4,)), 3.9)
    assert "use another one" in chemistry.explain("x", Molecule((), (3.4,)), 3.9, "another one")
