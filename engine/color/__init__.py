"""Color spaces and palettes."""
