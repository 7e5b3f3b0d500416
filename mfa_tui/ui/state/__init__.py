"""What the interface knows, without screens."""
