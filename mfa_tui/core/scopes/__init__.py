"""Scopes: the policies that limit a session to fewer permissions (GetScopedCredentials)."""
