"""What shells are given: quoting, variables, switching profiles."""
