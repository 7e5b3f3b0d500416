"""This process and its machine: clock, cancellation, memory, terminal, whose home it is."""
