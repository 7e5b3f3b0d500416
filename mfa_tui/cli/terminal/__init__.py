"""The terminal: input, output, arguments."""
