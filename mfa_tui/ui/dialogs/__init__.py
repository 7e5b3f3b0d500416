"""Dialogs that any screen uses."""
