"""Styled text: spans, cells, status lines."""
