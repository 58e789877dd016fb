"""Store finished pictures, and find them again."""
