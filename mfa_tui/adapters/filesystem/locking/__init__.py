"""What a lock on a file consists of: the lock itself, and the queue in front of it."""
