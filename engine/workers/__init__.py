"""The pool of processes that paint, and its client."""
