"""What every flow needs: a host to happen on, attempts, paths."""
