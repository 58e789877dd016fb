"""How fast pictures are made, beside what one would take in their place."""
