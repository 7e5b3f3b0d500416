"""The hot module: it gives the answers of the ordinary way, or none; and it stays small."""
