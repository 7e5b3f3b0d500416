"""The account: which requests its audit makes and what each adds; an administrator's work on other users."""
