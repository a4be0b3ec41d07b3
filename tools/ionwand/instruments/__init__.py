"""What a bench reads and who turns the knobs: a wand on the bench, a meter, a pair of hands.

For calibration/ and the rooms above it; uses device/.
"""
