"""From nothing to a written session: an access key, a region, an MFA device or a code."""
