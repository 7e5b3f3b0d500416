"""The accounts: users, devices, roles, policies and sessions, and the calls that they make."""
