"""The console from the interface: the flow of the key, and the dialog beside a user's sign-in page."""
