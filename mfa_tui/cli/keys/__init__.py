"""What the keys commands share: the user that they are about, and the arguments."""
