"""Tests of the account: what administrators do for its users, and what protects them."""
