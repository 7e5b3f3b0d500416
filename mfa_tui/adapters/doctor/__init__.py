"""What the doctor looks up on this machine."""
