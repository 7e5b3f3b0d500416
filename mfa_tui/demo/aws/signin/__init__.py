"""The embedded AWS's sign-in to the console."""
