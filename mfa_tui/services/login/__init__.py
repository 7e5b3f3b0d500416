"""Logging in and out: sessions that are written to the AWS files."""
