"""Stored secrets: their codes, import, export and backup."""
