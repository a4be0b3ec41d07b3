"""The simulated board: plant, register-level twins, barriers and a stepped clock."""
