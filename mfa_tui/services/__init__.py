"""The use cases. They know no screen: a frozen request goes in, an outcome comes back."""
