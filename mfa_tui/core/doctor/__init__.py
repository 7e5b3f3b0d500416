"""What can be wrong with files and environment, found without leaving this process."""
