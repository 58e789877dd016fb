"""Adapters between chat platforms and the service. They translate and decide nothing."""
