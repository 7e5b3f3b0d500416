"""One outside thing each: files, keyring, AWS, clock, clipboard. Heavy imports stay inside functions."""
