"""The generator, and all that turns a layout into a finished file."""
