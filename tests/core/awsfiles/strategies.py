"""Hypothesis strategies for the tests of AWS files."""

import hypothesis.strategies as st

KINDS = st.sampled_from(("config", "credentials"))

NUMBERS = st.binary(min_size=200, max_size=200)
"""The numbers of a made file, drawn at once: a draw for each would take most of the tests' time."""
