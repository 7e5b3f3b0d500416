"""The hot commands: they give the answers of the ordinary way, or none; and they stay small."""
