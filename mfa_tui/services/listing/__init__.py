"""The list of profiles: what is known of each, their order, and the preferences that are saved."""
