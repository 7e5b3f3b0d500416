"""The catalogue of problems: how each is told, where it lies, and what fixes it."""
