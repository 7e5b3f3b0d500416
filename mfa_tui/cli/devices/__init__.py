"""The commands of ``mfa-tui device``, one module each, with ``run(arguments) -> int`` and ``parser()``."""
