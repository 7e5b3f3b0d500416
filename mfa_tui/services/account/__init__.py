"""The account audit: which requests are made, and what each of them adds."""
