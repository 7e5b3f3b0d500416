"""Signing in to the AWS console: its addresses in each partition, its services, and the links that lead there."""
