"""The user's AWS files: reading them whole, locking, editing and replacing them."""
