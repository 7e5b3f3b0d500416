"""Parts that several device commands share."""
