"""An AWS account: the audit's rules about users, keys, roles and sign-ins, and what administrators tell users."""
