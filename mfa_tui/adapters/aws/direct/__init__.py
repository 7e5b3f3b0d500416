"""Calls to STS without botocore."""
