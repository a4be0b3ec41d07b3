"""Calibrating a wand on the bench: questions, sweep, fit, verdict and certificate.

For registry/ and bench/; uses instruments/ and device/.
"""
