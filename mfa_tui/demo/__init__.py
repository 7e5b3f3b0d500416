"""A strict AWS on the loopback, with throwaway files, for trying and testing everything (extra: demo)."""
