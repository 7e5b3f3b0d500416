"""The commands of ``mfa-tui device``, a module each; see ``main``."""
