"""Tests of what a setup suggests and checks."""
