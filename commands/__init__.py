"""The language people speak to Easel: one module per word they type."""
