"""All pictures, and the way to each."""

from tests.pictures import further_plays, plays

PLAYS = {**plays.PLAYS, **further_plays.FURTHER_PLAYS}
