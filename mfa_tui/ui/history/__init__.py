"""The screen of the history: what was done, and texts about an entry for others."""
