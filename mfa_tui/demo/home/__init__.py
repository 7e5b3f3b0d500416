"""The demo's throwaway home: files, profiles, secrets, a phone."""
