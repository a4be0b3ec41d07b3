"""Meters as they are: what they answer, how each is asked, and what cannot be read in one line."""

import pytest
import sim_meters
from click.testing import CliRunner

from ionwand.cli import main
from ionwand.errors import BadInput, RunFailed
from ionwand.instruments import meter, profiles, reading, visa

TEMPLATE = """
spec: "1.1"
devices:
  dmm:
    eom:
      TCPIP INSTR:
        q: "\\n"
        r: "\\n"
    error: ERROR
    dialogues:
      - q: "*IDN?"
        r: "%s"
      - q: "CONF:CURR:DC"
      - q: "READ?"
        r: "%s"
resources:
  TCPIP0::192.0.2.9::INSTR:
    device: dmm
"""


@pytest.mark.req("F-13")
@pytest.mark.parametrize("name", sim_meters.NAMES)
def test_each_meter_is_known_and_asked_in_its_words(name):
    with sim_meters.looked_at(lambda: -1.2345e-4):
        opened = sim_meters.opened(name)
        assert opened.profile == sim_meters.profile(name)
        assert opened.name.isprintable() and opened.profile.idn in opened.name.upper()
        assert opened.read_na(-123) == pytest.approx(-123_450, abs=10)
        opened.close()


@pytest.mark.req("F-13")
def test_every_meter_of_the_table_is_played():
    assert {sim_meters.profile(name).name for name in sim_meters.NAMES} == {
        one.name for one in profiles.known()
    }
    assert profiles.of("ACME,NOTHING,1,2") is profiles.UNKNOWN


@pytest.mark.req("F-13", "R-07")
@pytest.mark.parametrize(
    ("said", "amperes"),
    [
        ("+1.001423364E-04", 1.001423364e-4),
        ("\x00-1.0E-04", -1e-4),
        ("-1.0E-04\x00\r\n", -1e-4),
        ("\x1b -1.0E-04", -1e-4),
        ("#9000000016+1.000000000E-04 ", 1e-4),
        ("1.0E-04A", 1e-4),
        ("+1.0E-04ADC", 1e-4),
        ("0.25 mA", 0.25e-3),
        ("-250.1 µA", -250.1e-6),
        ("-250.1 μA", -250.1e-6),
        ("250uA", 250e-6),
        ("−100 nA", -100e-9),
        (".0001", 1e-4),
    ],
)
def test_what_is_unmistakable_is_read(said, amperes):
    assert reading.amperes(said) == pytest.approx(amperes, rel=1e-12)


@pytest.mark.req("F-13", "R-07")
@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("+1.001423364E-04\xb5A", "units and other elements off"),
        ("1.0E-04 mA", "units and other elements off"),
        ("-1.000E-04,+2.5E+03", "more than one value; wanted is the reading alone"),
        ("-1.000E-04;1", "more than one value"),
        ("0,25", "a point before decimals"),
        ("+1.0E-04VDC", "units and other elements off"),
        ("250 \xa6\xcc", "units and other elements off"),  # ohms in Owon's GBK
        ("", "nothing came"),
        ("\x00\r\n", "nothing came"),
        ("ERROR", "wanted is a number of amperes"),
        ("nan", "wanted is a number of amperes"),
        ("9.90000000E+37", "overload"),
        ("1E9", "overload"),
        ("1" * 400, "overload"),
        ("x" * 4000, "wanted is a number"),
    ],
)
def test_everything_else_is_one_line(said, words):
    with pytest.raises(ValueError, match=words) as raised:
        reading.amperes(said)
    line = str(raised.value)
    assert line.isprintable() and len(line) < 220


@pytest.mark.req("F-13", "R-07")
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (r"+1.001423364E-04\xb5A", "units and other elements off"),
        ("-1.000E-04,+2.5E+03", "more than one value"),
        ("ERROR", "wanted is a number of amperes"),
    ],
)
def test_a_reading_that_is_none_names_the_meter(tmp_path, answer, words):
    path = tmp_path / "m.yaml"
    path.write_text(TEMPLATE % (r"ACME\0\x1b[31m,METER,1,2\0", answer))
    opened = visa.Visa("TCPIP0::192.0.2.9::INSTR", f"{path}@sim")
    assert opened.name == "ACME  [31m,METER,1,2" and opened.profile is profiles.UNKNOWN
    with pytest.raises(RunFailed, match=words) as raised:
        opened.read_na(100)
    assert str(raised.value).startswith(opened.name) and "\n" not in str(raised.value)


@pytest.mark.req("F-13")
@pytest.mark.parametrize(
    ("typed", "na"),
    [("249.8", 249_800), ("-249,8", -249_800), ("0.25 mA", 250_000), ("−99.8µA", -99_800),
     ("1.0E-04 A", 100_000), ("100 nA", 100)],
)  # fmt: skip
def test_what_is_typed(typed, na):
    assert reading.typed_na(typed) == pytest.approx(na)


@pytest.mark.req("F-13", "R-07")
@pytest.mark.parametrize("typed", ["about 5", "1,000,5", "5 V", "", "1.2.3"])
def test_what_is_typed_and_is_none(typed):
    with pytest.raises(ValueError):
        reading.typed_na(typed)


@pytest.mark.req("F-13")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("USB0::0x05E6::0x6500::04400001::INSTR", "--meter list"),
        ("USB0::1::2::none::INSTR", "--meter "),
        ("TCPIP0::127.0.0.1::1::SOCKET", "--meter "),
        ("ASRL/dev/none::INSTR", "--meter "),
        ("nonsense", "--meter "),
        ("list", "--meter: "),
    ],
)
def test_a_meter_that_is_not_there_is_one_line(name, words):
    """With what `make run` installs: the USB backend is there, the meter is not."""
    done = CliRunner().invoke(main, ["calibrate", "--meter", name])
    assert done.exit_code == 2 and done.stderr.count("\n") == 1 and words in done.stderr
    assert "PyUSB" not in done.stderr and "backend" not in done.stderr


@pytest.mark.req("F-13")
@pytest.mark.parametrize(
    ("error", "helps"),
    [
        (ValueError("No backend available"), "pip install pyusb libusb-package"),
        (ValueError("Please install PyUSB to use this resource type."), "pip install pyusb"),
        (PermissionError(13, "Permission denied"), "udev rule"),
        (OSError("Could not locate a VISA implementation."), "install NI-VISA"),
        (OSError(16, "Resource busy"), "another program holds it"),
    ],
)
def test_what_is_missing_is_named(error, helps):
    line = visa._told(error)
    assert helps in line and "\n" not in line


@pytest.mark.req("F-13")
def test_manual_asks_again(monkeypatch):
    said = iter(["about", "2 A", "99,8"])
    monkeypatch.setattr(meter.click, "prompt", lambda *a, **k: next(said))
    assert meter.Manual().read_na(100) == pytest.approx(99_800)
    with pytest.raises(BadInput):
        reading.plausible_na(float("nan"))
