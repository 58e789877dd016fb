"""The pool of painting processes, and its client."""
