"""Compose layouts, which the painter paints."""
