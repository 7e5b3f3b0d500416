"""Names of AWS regions ("AWS Regions" in the AWS General Reference)."""

REGION = (
    r"(?:[a-z]{2}(?:-gov|-iso[a-z]?)?|eusc-[a-z]{2})"
    r"-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-[1-9]\d?"
)
"""The form of a name, as a pattern: the place (``eu``, ``us-gov``, ``us-isob``, ``eusc-de``), a direction, a number."""
