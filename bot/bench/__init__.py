"""Measure speed and tastes; `easel bench` prints the figures."""
