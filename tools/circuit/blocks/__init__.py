"""One file a block. Each opens with what it is for and the requirement that it serves."""
