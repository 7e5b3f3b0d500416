"""The user's AWS files: reading, checking, editing, replacing and backing them up."""
