"""The account audit: what AWS says about users, keys, roles and sign-ins, and what is wrong with it."""
