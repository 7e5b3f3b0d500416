"""What is mounted where, as far as the system tells: on Linux, /proc/self/mountinfo (proc_pid_mountinfo(5))."""

from __future__ import annotations

_ESCAPES = {"\\040": " ", "\\011": "\t", "\\012": "\n", "\\134": "\\"}


def mounts() -> list[tuple[str, str, str]]:
    """Device (``MAJOR:MINOR``), mount point and kind of file system of each mount, in their order; none elsewhere."""
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
