"""Sessions on the command line: prompts, and what ``env``, ``exec`` and ``credential-process`` share."""
