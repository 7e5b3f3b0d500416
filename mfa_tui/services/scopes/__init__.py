"""Scopes: finding one by its name."""
