"""Recording what was done, in the use cases themselves, for the history."""
