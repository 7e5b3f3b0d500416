"""Temporary credentials: how long they last, and how they are handed to SDKs."""
