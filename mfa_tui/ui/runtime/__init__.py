"""The program around the screens: threads, signals, drivers, crash reports, themes."""
