"""Temporary credentials: how long they last, and how SDKs get them."""
