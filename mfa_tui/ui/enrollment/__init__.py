"""Enrolling a device, page by page."""
