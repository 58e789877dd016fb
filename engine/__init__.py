"""Pictures: from conditions to a painting. Knows no people and no platform."""
