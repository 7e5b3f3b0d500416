"""Getting a session: from the cache, from AWS with a code, by roles."""
