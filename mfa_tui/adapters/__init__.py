"""One outside thing each: files, keyring, AWS, clock. Heavy imports stay inside functions."""
