"""Errors of the engine.

EngineError
├── WeightsMissing      a weights file is absent, or of another shape
├── SourceUnusable      a file cannot be painted from
├── KeyUnusable         the key that signs pictures cannot be used
└── PaintingFailed      a picture could not be painted
    └── DeadlinePassed  painting took too long
"""


class EngineError(Exception):
    """Base of the errors that the engine raises on purpose."""


class WeightsMissing(EngineError):
    """A weights file is absent, unreadable, or was made for another generator."""


class KeyUnusable(EngineError):
    """The key's file is damaged, open to others, or holds something else."""


class SourceUnusable(EngineError):
    """A file is no picture that can be read, or too large; the message says so in one sentence."""


class PaintingFailed(EngineError):
    """Two workers failed in a row, or a worker returned no picture."""


class DeadlinePassed(PaintingFailed):
    """A picture was not ready at its deadline."""
