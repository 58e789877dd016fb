"""The database: the only package that imports sqlite_utils."""
