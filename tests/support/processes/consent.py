"""What a command says before it changes something: the same on a refusal without a terminal as with ``--yes``."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subprocess import CompletedProcess

ASKED = "mfa-tui: There is no terminal to ask you on."


def refused_plan(refused: "CompletedProcess[str]", remedy: str) -> list[str]:
    """The lines of the plan that *refused* showed, once, before the one error, which ends with *remedy*."""
    assert (refused.returncode, refused.stdout) == (3, ""), refused.stderr
    *plan, what, then = refused.stderr.splitlines()
    assert (what, then) == (ASKED, f"  {remedy}")
    # Remarks about the way there are no part of it.
    plan = [line for line in plan if not line.startswith("mfa-tui: ") and not line.endswith("…")]
    assert plan
    assert len(set(plan)) == len(plan)
    return plan


def check_said_first(done: "CompletedProcess[str]", plan: list[str]) -> None:
    """*done*, with ``--yes``, said *plan* once, before it acted."""
    assert done.returncode == 0, done.stderr
    said = "\n".join(plan)
    assert done.stderr.count(said) == 1
    assert all(done.stderr.count(line) == 1 for line in plan)
    assert ASKED not in done.stderr
