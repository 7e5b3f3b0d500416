"""Tests of ``mfa-tui list``."""
