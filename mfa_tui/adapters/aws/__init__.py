"""Calls to AWS by botocore: clients, requests, answers, IAM and STS."""
