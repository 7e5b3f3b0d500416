"""A strict AWS on the loopback: STS and IAM over HTTP, with signatures and one-time codes checked."""
