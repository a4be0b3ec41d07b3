"""The report's drawing and what a clinic adds to it."""

import pytest

from ionwand.errors import BadInput
from ionwand.treatments import clinic, curves, report


def session(**more):
    series = [(250, 249, 31_000)] * 20 + [(0, 0, 31_000)] * 3 + [(250, 250, 30_000)] * 20
    return {
        "number": 7, "product": "gel", "ion_charge": -100, "bridge": 2, "flags": 0,
        "end": "complete", "interval_s": 8, "series": series, "setpoint_ua": 250,
        "mean_ua": 240, "peak_ua": 251, "lifts": 1, "z_first_ohm": 40_000, "z_min_ohm": 29_000,
        "z_max_ohm": 41_000, "z_last_ohm": 30_000, "target_uc": 75_000, "dose_uc": 75_100,
        "output_ms": 300_000, "session_ms": 330_000, "faults": 0, "first_fault": 0,
        "battery_start_mv": 3900, "battery_end_mv": 3880, "firmware": 0x100, "catalogue": 1,
        "calibration": 1, **more,
    }  # fmt: skip


@pytest.mark.parametrize("seconds", (9, 62, 344, 930, 1200))
def test_time_has_round_numbers_and_few_of_them(seconds):
    step = curves.round_time_s(seconds)
    assert step in (5, 10, 15, 30, 60, 120, 300) and 1 <= seconds // step <= 9


@pytest.mark.parametrize("top, step", ((56, 20), (280, 100), (0.11, 0.05), (1.56, 0.5)))
def test_axes_have_round_numbers(top, step):
    assert curves.round_step(top) == pytest.approx(step)


def test_what_is_not_known_is_not_drawn():
    drawn = curves.draw(session())
    assert drawn.count('stroke="#c2410c"') == 2, "impedance before and after the lift"
    assert drawn.count("#eef1f5") == 9 and "to be given" in drawn
    assert "nan" not in drawn


@pytest.mark.req("F-11")
def test_report_names_the_wand_and_has_lines_to_fill_in(tmp_path):
    (tmp_path / "logo.png").write_bytes(b"\x89PNG")
    file = tmp_path / "clinic.toml"
    file.write_text('name = "Practice <A>"\nlogo = "logo.png"\nlines = ["Room"]\n')
    text = report.render(session(), None, board="e661", clinic=clinic.load(file))
    assert "wand e661" in text and "Practice &lt;A&gt;" in text and "data:image/png" in text
    for line in ("lot", "Gel", "Consent", "Room"):
        assert line in text
    assert "24 h" not in text
    assert "24 h" in report.render(session(flags=1), None)


@pytest.mark.parametrize(
    "text, said",
    (
        ("nmae = 'x'", "unknown key 'nmae'"),
        ("name = 3", "name is one line"),
        ("lines = 'x'", "lines is a list"),
        ("logo = 'x.exe'", "a logo is a file of"),
        ("logo = 'no.png'", "No such file"),
        ("name = ", "clinic.toml"),
    ),
)
def test_a_wrong_clinic_file_is_one_line(tmp_path, text, said):
    file = tmp_path / "clinic.toml"
    file.write_text(text)
    with pytest.raises(BadInput, match=said) as refused:
        clinic.load(file)
    assert "\n" not in str(refused.value)
