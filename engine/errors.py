"""What can go wrong while a picture is made.

EngineError
├── WeightsMissing      the model's files are absent or of another shape
└── PaintingFailed      a job did not become a picture
    └── DeadlinePassed  it took longer than a job may
"""


class EngineError(Exception):
    """Base of every error the engine raises on purpose."""


class WeightsMissing(EngineError):
    """The weights file is absent, unreadable, or was made for another generator."""


class PaintingFailed(EngineError):
    """The job failed on two workers in a row, or a worker answered with no picture."""


class DeadlinePassed(PaintingFailed):
    """The job was still being painted when its deadline came."""
