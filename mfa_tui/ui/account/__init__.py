"""The account screen: its users and what is wrong, and what an administrator does for one of them."""
