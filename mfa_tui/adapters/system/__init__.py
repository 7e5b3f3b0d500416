"""This process and its machine: clock, cancellation, signals and memory, terminal, the owner of the home."""
