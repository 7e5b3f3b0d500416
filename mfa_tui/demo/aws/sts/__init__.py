"""STS's actions."""
