"""Trace files: read back as written, and refused in one line where a cell is wrong."""

import pytest
import synthetic
from hypothesis import given
from hypothesis import strategies as st

from ionwand.errors import BadInput
from ionwand.trace import rows as trace

ROWS = synthetic.session(seconds=0.5)
LINE = synthetic.text(ROWS[:1]).splitlines()[1]


def parsed(text):
    return list(trace.parse(text.splitlines(keepends=True), "t.csv"))


def test_columns_are_those_of_the_issue():
    assert trace.HEADER == (
        "t_us,state,setpoint_ua,dac_code,gate,i_load_ua,i_peak_ua,sense_a_ua,sense_b_ua,"
        "v_load_mv,z_ohm,dose_uc,true_charge_uc,contact,led,fault"
    )


def test_round_trip(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(synthetic.text(ROWS))
    assert trace.read(path) == ROWS


BAD = (
    ("", "t.csv: no rows"),
    (trace.HEADER + "\n", "t.csv: no rows"),
    (LINE, f"t.csv: line 1 is not the header of a trace: {trace.HEADER}"),
    (f"{trace.HEADER}\n1,2,3\n", "t.csv: line 2: 3 cells, expected 16"),
    (f"{trace.HEADER}\n{LINE},x\n", "t.csv: line 2: 17 cells, expected 16"),
    (
        f"{trace.HEADER}\n" + LINE.replace("0.0", "nan", 1),
        "t.csv: line 2: setpoint_ua is 'nan', expected a finite number",
    ),
    (
        f"{trace.HEADER}\n" + LINE.replace("0.0", "inf", 1),
        "t.csv: line 2: setpoint_ua is 'inf', expected a finite number",
    ),
    (
        f"{trace.HEADER}\nsoon" + LINE[1:],
        "t.csv: line 2: t_us is 'soon', expected a finite number",
    ),
    (f"{trace.HEADER}\n9{LINE}\n{LINE}\n", "t.csv: line 3: time runs back to 0 us"),
)


@pytest.mark.parametrize(("text", "line"), BAD)
def test_bad_traces(text, line):
    with pytest.raises(BadInput) as caught:
        parsed(text)
    assert str(caught.value) == line


def test_gate_is_a_bit():
    with pytest.raises(BadInput, match="line 2: gate and contact must be 0 or 1"):
        parsed(synthetic.text([ROWS[0]._replace(gate=2)]))


def test_unreadable(tmp_path):
    with pytest.raises(BadInput, match="cannot be read: No such file or directory"):
        trace.read(tmp_path / "none.csv")
    (tmp_path / "x.csv").write_bytes(b"t_us\n\xb5")
    with pytest.raises(BadInput, match="cannot be read: not UTF-8 text: byte 0xb5 in line 2"):
        trace.read(tmp_path / "x.csv")


@given(st.text(max_size=300))
def test_hostile_lines(text):
    """Whatever stands in a file, it is rows or one clear complaint."""
    for head in ("", trace.HEADER + "\n"):
        try:
            assert all(isinstance(row, trace.Row) for row in parsed(head + text))
        except BadInput as error:
            assert "\n" not in str(error)


def test_lifts_begin_after_the_first_touch():
    rows = synthetic.session(seconds=0.5, lifts=2)
    found = trace.lifts(rows)
    assert len(found) == 2
    assert all(until_s - since_s == pytest.approx(1.0, abs=0.01) for since_s, until_s in found)
    assert trace.lifts(rows[:5]) == []


def test_a_lift_without_a_return_lasts_to_the_end():
    rows = [ROWS[0]._replace(t_us=t_us, contact=contact) for t_us, contact in
            ((0, 0), (1_000_000, 1), (2_000_000, 0), (5_000_000, 0))]  # fmt: skip
    assert trace.lifts(rows) == [(2.0, 5.0)]
