"""Where secrets are kept: the OS keyring and the encrypted vault."""
