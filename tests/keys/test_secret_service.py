"""Long-term keys in the keyring that Linux desktops have, for real."""

from mfa_tui.demo.aws.accounts.policy_documents import trust
from mfa_tui.demo.aws.server import StrictAws
from tests.keys.support import both_files, files_with
from tests.secretstores import secret_service
from tests.support.homes.home import Home
from tests.support.runner.thoroughness import long


@long
def test_store_login_role_restore(home: Home, aws: StrictAws) -> None:
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    home.add_role_profile("admin", aws.add_role("StoredKeys", trust(user.arn)))
    before = both_files(home)
    search = f"! grep -rlF -e '{user.secret_access_key}' $IN --exclude='*.sh'"
    results = secret_service.run(
        home,
        "$MFA keys store dev --yes",
        search,
        f"$MFA login dev --code {device.code()}",
        "$MFA login admin",
        "$MFA exec admin -- env",
        search,
        "$MFA doctor --json",
        "$MFA logout --all",
        "$MFA keys restore dev --yes",
    )
    assert [result.returncode for result in results] == [0] * 9, [result.stderr for result in results]
    assert results[0].stdout == "dev: the key is in the keyring\n"
    assert [results[1].stdout, results[5].stdout] == ["", ""]
    assert "AWS_SESSION_TOKEN=" in results[4].stdout
    assert '"key-' not in results[6].stdout
    assert both_files(home) == before
    assert files_with(home, user.secret_access_key) == [home.credentials]


@long
def test_a_locked_keyring_is_said_with_what_helps(home: Home, aws: StrictAws) -> None:
    user = aws.add_user()
    device = user.add_device(user.name)
    home.add_profile("dev", user, device)
    results = secret_service.run(
        home,
        "$MFA keys store dev --yes",
        "$LOCK",
        f"$MFA login dev --code {device.code()}",
        "$MFA credential-process dev",
        "$MFA keys restore dev --yes",
        "$MFA doctor --json",
    )
    locked = (
        "mfa-tui: The keyring is locked.\n"
        "  It is unlocked by your login, or by its own password.\n"
        "  Unlock it: log in to the desktop, or open its password manager. Then try again.\n"
    )
    assert results[0].returncode == 0
    assert [result.returncode for result in results[2:5]] == [1, 1, 1]
    assert all(result.stderr.endswith(locked) for result in results[2:5])
    assert '"keyring-locked"' in results[5].stdout
    assert user.access_key_id not in home.credentials.read_text()


@long
def test_it_stays_in_the_file_if_the_keyring_is_locked(home: Home, aws: StrictAws) -> None:
    user = aws.add_user()
    home.add_profile("dev", user)
    before = both_files(home)
    # The first secret makes the keyring's collection.
    first, _, refused = secret_service.run(
        home, "echo GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ | $MFA device import dev --serial arn:aws:iam::111122223333:mfa/x",
        "$LOCK", "$MFA keys store dev --yes",
    )  # fmt: skip
    assert (first.returncode, refused.returncode) == (0, 1), first.stderr
    assert "The keyring is locked." in refused.stderr
    assert both_files(home) == before
