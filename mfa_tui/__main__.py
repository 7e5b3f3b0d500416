"""Where ``python -m mfa_tui`` starts."""

import sys

from mfa_tui import main

if __name__ == "__main__":
    sys.exit(main())
