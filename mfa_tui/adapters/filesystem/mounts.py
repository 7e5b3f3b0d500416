"""Mounted file systems, on Linux: /proc/self/mountinfo (proc_pid_mountinfo(5))."""

from __future__ import annotations

_ESCAPES = {"\\040": " ", "\\011": "\t", "\\012": "\n", "\\134": "\\"}


def mounts() -> list[tuple[str, str, str]]:
    """Device (``MAJOR:MINOR``), mount point and file system type of each mount, in order; none on other systems."""
    found = []
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
            for line in file:
                before, _, after = line.partition(" - ")
                words = before.split(" ")
                found.append((words[2], _unescaped(words[4]), after.split(" ")[0]))
    except (OSError, IndexError):
        return []
    return found


def _unescaped(point: str) -> str:
    for escape, letter in _ESCAPES.items():
        point = point.replace(escape, letter)
    return point
