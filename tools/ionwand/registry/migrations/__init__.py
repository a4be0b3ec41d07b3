"""Steps from each shape of the registry to the next, applied by upgrade.py."""
