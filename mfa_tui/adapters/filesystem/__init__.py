"""Files and directories: our private ones, records, locks, atomic replacement, ownership."""
