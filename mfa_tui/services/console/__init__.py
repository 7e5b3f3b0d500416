"""Signing in to the console: what a profile can do there, the federation link of a role, the sign-in page of a user."""
