"""Calls to AWS through botocore: clients, requests, responses, IAM and STS."""
