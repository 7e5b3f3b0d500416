"""Profiles: kinds, roles, faults, and the sections that a login writes."""
