"""Finding profiles by what is typed: which match, how well, and which are used most."""
