"""Every screen of the interface on the demo, as text and colors, compared with what was looked at and found good.

``make pictures`` writes what is expected anew; look at the difference before you commit it.
"""
