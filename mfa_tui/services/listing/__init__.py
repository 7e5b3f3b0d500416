"""The list of profiles: what is known of each, their order, what is remembered of it."""
