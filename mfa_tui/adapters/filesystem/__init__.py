"""Files and directories: private ones, locks, atomic replacement, ownership."""
