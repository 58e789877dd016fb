"""From a layout to a finished file: generator, painter, critic, encoding."""
