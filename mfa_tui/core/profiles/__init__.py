"""Profiles: their kinds, roles and problems, and the sections that login writes."""
