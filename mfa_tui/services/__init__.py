"""The use cases. They do not know the screen: a request goes in, an outcome comes back."""
