"""A new profile from an access key: the key is checked, stored and named in the AWS files."""
