"""The format of the AWS files: parsing, editing without loss, merging."""
