"""The demo's throw-away home: files, profiles, secrets, a phone."""
