"""The protocols through which commands reach the service."""
