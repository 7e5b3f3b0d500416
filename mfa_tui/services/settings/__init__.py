"""Settings: what they are now, and changing them."""
