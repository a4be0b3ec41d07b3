"""The circuit's values for spice_netlist.py, Ω and F: made by `make circuit`."""

SET_TOP = 17449.9
SET_BOTTOM = 10000
DIVIDER_TOP = 1e+07
DIVIDER_BOTTOM = 1.1e+06
COMPARATOR_C = 1e-09
