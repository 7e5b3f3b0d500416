"""Help and troubleshooting."""
