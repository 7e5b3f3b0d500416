"""What is wrong with the setup, and its fix one key away."""
