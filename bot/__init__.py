"""The house that runs Easel: people, platforms, memory."""
