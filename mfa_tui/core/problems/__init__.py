"""The catalogue of problems: the text of each, its place in a file or the environment, and its remedy."""
