"""What the screens show, apart from how."""
