"""Tests of the doctor in the interface."""
