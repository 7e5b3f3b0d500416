"""The commands of the screens, with their keys."""
