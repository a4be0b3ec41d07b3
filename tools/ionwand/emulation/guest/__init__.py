"""What the bench flashes beside the firmware, and what it shares with that."""
