"""Adapters between chat platforms and the house. They translate and decide nothing."""
