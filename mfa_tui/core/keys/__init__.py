"""Long-term access keys: what of them the AWS files hold, and how they are taken out and put back."""
