"""What settings may say, as far as that needs no file."""
