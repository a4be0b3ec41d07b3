"""Names as they are sold and written: drugs by any name, what is not in it, proteins, salt."""

import pytest

from ionwand.errors import BadInput
from ionwand.treatments import catalogue, words

ROW = {"id": "gel", "acid_pka": [3.0], "ph": 6.0, "current_ua": 250, "time_s": 300}


@pytest.mark.req("F-01", "F-02", "R-07")
@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("cat_lignocaine", "lignocaine is lidocaine, a drug: out of scope"),
        ("cat_voltaren", "voltaren is diclofenac, a drug: out of scope"),
        ("cat_oilfree", ""),
        ("cat_niacin39", ""),
    ],
)
def test_cases_of_the_field(root, case, says):
    path = root / "tests/cases/catalogue" / f"{case}.toml"
    if says:
        with pytest.raises(BadInput, match=says):
            catalogue.load(path)
        return
    (made,) = catalogue.load(path)
    assert made.weak == (case == "cat_niacin39")
    assert ("choose another product" in made.words) == made.weak and "buffer" not in made.words


@pytest.mark.req("F-02")
@pytest.mark.parametrize(
    "name",
    ["Xylocaine 2%", "Ropivacaine", "Lidokain-Gel", "Diklofenak Natrium", "Nurofen gel", "Retin-A",
     "Oestradiol", "Lidocaine free base", "Preservative-free lidocaine", "Dexa methasone", "EMLA",
     "Amethocaine", "Hydrocortisone, oil-free", "Aspirin", "Diclo-Denk 1%", "Flector", "Lidoderm",
     "Ketorolac", "Methacholine chloride", "Histamine", "Nikotin", "Nicotine gel"],
)  # fmt: skip
def test_a_drug_by_any_name_is_refused(name):
    with pytest.raises(ValueError, match="drug: out of scope"):
        catalogue.entry({**ROW, "name": name})


@pytest.mark.req("F-02")
@pytest.mark.parametrize(
    "name",
    ["Oil-free serum", "Silicone free gel", "Oilfree gel", "Gel without lanolin or oil",
     "No-oil gel", "Gel free of paraffin and wax", "Boiled water gel", "Hydroquinone-free cream",
     "Aloe gel", "Cocamide gel", "Butterfly pea", "Niacin", "Nicotinic acid",
     "Inositol nicotinate", "Histidine HCl", "Choline chloride"],
)  # fmt: skip
def test_what_is_not_in_it_refuses_nothing(name):
    assert not words.drug(name) and not words.oil(name)
    assert catalogue.entry({**ROW, "name": name}).product.ion_charge == -100


@pytest.mark.req("F-02")
@pytest.mark.parametrize(
    "name", ["Oily serum", "Rosehip oils", "Öl", "Huile de rose", "Oil free of lanolin",
                                  "Cyclomethicone gel"])  # fmt: skip
def test_oils_in_other_words(name):
    assert words.oil(name)


@pytest.mark.req("F-02")
def test_size_and_what_it_does():
    for name, mass, says in (
        ("Lysozyme", None, "protein"), ("Papain peel", 23_000, "23 kDa: too large to move"),
        ("Hydrolysed collagen", None, "without mass_da"), ("Inulin ester", 12_000, "too large"),
        ("Gel", 0, "mass_da must be a number"), ("Gel", True, "mass_da must be a number"),
    ):  # fmt: skip
        row = {**ROW, "name": name, **({} if mass is None else {"mass_da": mass})}
        with pytest.raises(ValueError, match=says):
            catalogue.entry(row)
    made = catalogue.entry({**ROW, "name": "Collagen peptides", "mass_da": 2000})
    assert made.weak and "2 kDa is large: current moves little of it" in made.words
    made = catalogue.entry({**ROW, "name": "Hyaluronate", "mass_da": 50_000})
    assert made.weak and "a long chain" in made.words
    assert not catalogue.entry({**ROW, "name": "Copper tripeptide", "mass_da": 403}).weak


@pytest.mark.req("F-02")
@pytest.mark.parametrize("name", ["Saline gel", "Gel with salt", "NaCl gel"])
def test_salt_competes_and_that_is_said(name):
    assert "its salt carries part of the current" in catalogue.entry({**ROW, "name": name}).words
