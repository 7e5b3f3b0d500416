"""Temporary credentials that are kept: the cache, shortcuts to it, the credentials endpoint."""
