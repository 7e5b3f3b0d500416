"""Stores for secrets: the OS keyring and the encrypted vault, with the age format that it uses."""
