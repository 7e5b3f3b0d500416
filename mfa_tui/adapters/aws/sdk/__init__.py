"""What only calls through botocore need."""
