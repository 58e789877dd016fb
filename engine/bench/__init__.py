"""Speed of Easel beside that of alternatives."""
