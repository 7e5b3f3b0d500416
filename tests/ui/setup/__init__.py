"""Tests of the setup: from nothing to a written session."""
