"""Widgets: properties in, messages out."""
