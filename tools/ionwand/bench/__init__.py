"""The technician's commands: is it well, how far off is it?

For cli.py; uses registry/, calibration/, instruments/, device/.
"""
