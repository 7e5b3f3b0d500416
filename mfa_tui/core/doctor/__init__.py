"""Checks of the files and the environment that need nothing but their contents."""
