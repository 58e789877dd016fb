"""Turn words into `Asked`."""
