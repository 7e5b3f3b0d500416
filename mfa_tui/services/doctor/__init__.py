"""Everything the doctor checks."""
