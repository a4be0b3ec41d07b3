"""Calibrating a wand on the bench: questions, sweep, fit, verdict and certificate."""
