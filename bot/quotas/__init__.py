"""Rules that limit requests, and what was used of them."""
