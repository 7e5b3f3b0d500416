"""What all flows use: the screen that hosts them, one action with its result, and a question for a path."""
