"""Tests of the account screen."""
