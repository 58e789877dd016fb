"""Block people, and show moderators what was reported."""
