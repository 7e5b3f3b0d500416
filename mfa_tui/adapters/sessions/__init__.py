"""Sessions: the cache, shortcuts to it, one login at a time, and the credentials endpoint."""
