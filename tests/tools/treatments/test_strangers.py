"""A catalogue from a stranger: what contradicts chemistry is refused, what changes is shown."""

import pytest
from click.testing import CliRunner

from firmware import products
from ionwand.cli import main
from ionwand.treatments import catalogue, changes, chemistry, known

ROW = {"id": "gel", "name": "Gel", "ion_charge": -1, "current_ua": 250, "time_s": 300}


@pytest.mark.req("F-01", "F-02")
@pytest.mark.parametrize(
    ("name", "charge"),
    [("Vitamin C", 1), ("L-Ascorbic acid serum", 2), ("Magnesium ascorbyl phosphate", None),
     ("Hyaluronan gel", 1), ("Zinc sulfate", -1), ("Arginine HCl", -1), ("Salicylic", 1),
     ("Glutathion", 1), ("Calcium chloride", -2), ("Tranexamic acid", -1)],
)  # fmt: skip
def test_a_sign_that_contradicts_the_chemistry_is_refused(name, charge):
    if charge is None:  # the ester's metal is not its active: either sign may be meant
        assert catalogue.entry({**ROW, "name": name, "ion_charge": -1})
        return
    with pytest.raises(ValueError, match="contradicts its chemistry"):
        catalogue.entry({**ROW, "name": name, "ion_charge": charge})
    assert catalogue.entry({**ROW, "name": name.replace("Tranexamic", "Glycolic"),
                            "ion_charge": -charge if "Tranex" not in name else -1})  # fmt: skip


@pytest.mark.req("F-01", "F-02")
def test_a_cation_by_its_pka_values_is_refused_too():
    row = {key: value for key, value in ROW.items() if key != "ion_charge"}
    with pytest.raises(ValueError, match="contradicts its chemistry"):
        catalogue.entry({**row, "id": "vitamin-c", "name": "Serum", "base_pka": [9.5], "ph": 6})


@pytest.mark.req("F-01")
def test_chemistry_itself_contradicts_no_product_that_ships():
    for one in catalogue.load(catalogue.DEFAULT):
        assert "contradicts" not in one.words
    assert known.signs(known.ACTIVES["ascorb"]) == {-1}
    assert known.signs(known.ACTIVES["tranexam"]) == {0, 1}
    assert known.contradiction("Propylene glycol gel", 1) == ""
    assert known.contradiction("nobody knows it", 1) == ""
    assert chemistry.NEUTRAL < 0.1


@pytest.mark.req("S-06", "F-02")
@pytest.mark.parametrize("words", [
    {"id": "vitamin-c-peel"}, {"name": "Serum after peeling"}, {"name": "After Microdermabrasion"},
])  # fmt: skip
def test_a_peel_product_needs_its_flag(words):
    row = {**ROW, **words, "current_ua": 125}
    with pytest.raises(ValueError, match="needs after_peel = true"):
        catalogue.entry(row)
    assert catalogue.entry({**row, "after_peel": True})


def product(**other):
    fields = {"id": "vitamin-c", "name": "C", "ion_charge": -200, "setpoint_ua": 250,
              "dose_uc": 75_000, "time_s": 300, "flags": 0, **other}  # fmt: skip
    return products.Product(**fields)


@pytest.mark.req("F-02")
def test_changes_are_told_with_sign_level_time_and_flags():
    old = product()
    assert changes.lines([old], [old], [old]) == []
    new = product(ion_charge=100, setpoint_ua=500, time_s=570, dose_uc=285_000, flags=4)
    (on_wand, built_in) = changes.lines([new], [old], [old])
    for line, where in ((on_wand, "on the wand"), (built_in, "built in")):
        assert line == (
            f"vitamin-c: other than {where}: ION CHARGE negative -> positive; roller - -> +; "
            "current 250 µA -> 500 µA; time 300 s -> 570 s; dose 1.25 mA·min -> 4.75 mA·min; "
            "patch_test no -> yes"
        )
    (fresh, gone) = changes.lines([product(id="x")], [old], [])
    assert fresh.startswith("x: new: ions negative, roller -, 250 µA, 300 s, 1.25 mA·min")
    assert gone == "vitamin-c: is on the wand, and will be gone"


@pytest.mark.req("F-02", "S-06")
def test_push_shows_the_changes_and_sends_nothing_without_a_yes(tmp_path):
    path = tmp_path / "strange.toml"
    path.write_text('[[product]]\nid = "vitamin-c"\nname = "Sodium ascorbyl phosphate"\n'
                    "ion_charge = -1\ncurrent_ua = 500\ntime_s = 570\n")  # fmt: skip
    place = tmp_path / "wand"
    arguments = ["products", "push", str(path), "--file", str(place)]
    asked = CliRunner().invoke(main, arguments, input="y\nn\n")
    assert asked.exit_code == 130 and not list(place.glob("catalogue*"))
    assert "vitamin-c: other than built in: current 250 µA -> 500 µA" in asked.stdout
    sent = CliRunner().invoke(main, arguments, input="y\ny\n")
    assert sent.exit_code == 0 and "catalogue no. 1" in sent.stdout
    again = CliRunner().invoke(main, arguments, input="y\ny\n")
    assert "on the wand" not in again.stdout and "built in: current" in again.stdout
