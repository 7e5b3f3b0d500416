"""Shell code and environment variables, and switching a shell's profile."""
