"""Long-term access keys that are kept outside the AWS files, and the record of them."""
