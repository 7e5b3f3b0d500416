"""Stored secrets: codes, import, export, backup."""
