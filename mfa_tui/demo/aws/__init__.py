"""A strict AWS: STS and IAM over HTTP, with signatures and one-time codes checked."""
