"""What several device commands share."""
