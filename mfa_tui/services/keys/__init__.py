"""Long-term access keys: moving them out of the AWS files, and back."""
