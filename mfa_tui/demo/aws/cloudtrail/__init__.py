"""CloudTrail's actions."""
