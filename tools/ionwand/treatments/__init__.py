"""What may be given and what was given: catalogue, chemistry, journal, report.

For virtual/ and cli.py; uses registry/, instruments/ (options) and device/.
"""
