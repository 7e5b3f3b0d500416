"""Trials by fire: whatever breaks, nothing is lost, leaked or claimed falsely, and nothing hangs.

``make test`` runs each trial short, ``make fire`` long; both print the table of what was tried. A trial is an ordinary
test with ``@pytest.mark.trial("kills of login")`` that takes the ``fire`` fixture::

    @pytest.mark.trial("kills at every system call of login")
    def test_killed(fire: Fire, home: Home) -> None:
        for number in fire.sample(range(whole), short=12):
            ...
            fire.tried()
            if wanted - found:
                fire.lost(f"killed at call {number}: {wanted - found} is gone")

What is told to ``lost``, ``leaked``, ``claimed`` and ``hung`` fails the test at its end, when all has been tried.
"""
