"""IAM's actions."""
