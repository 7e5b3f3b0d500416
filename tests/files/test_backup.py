"""The backup: the last good file, for nobody else, without the session keys that mfa-tui wrote."""

from pathlib import Path

from mfa_tui.adapters.control import Control
from mfa_tui.services.logout import logout
from tests.files.support import CONFIG, CREDENTIALS, context_of, furnish, hold_session, log_in, mode, new_session
from tests.home import Home


def backups(home: Home) -> dict[str, Path]:
    """By the name of the file that they are of."""
    directory = home.path / ".local/share/mfa-tui/backups"
    return {path.name.partition("-")[2]: path for path in directory.iterdir()}


def test_the_files_before_the_first_login(home: Home) -> None:
    furnish(home, config=CONFIG.replace("\n", "\r\n"))
    log_in(home)
    kept = backups(home)
    assert kept["config"].read_bytes() == CONFIG.replace("\n", "\r\n").encode()
    assert kept["credentials"].read_text() == CREDENTIALS
    assert {mode(path) for path in kept.values()} == {0o600}
    assert {mode(path) for path in (kept["config"].parent, kept["config"].parent.parent)} == {0o700}


def test_only_the_last_is_kept_and_no_session_of_ours(home: Home) -> None:
    theirs = "\n[theirs]\naws_access_key_id = ASIATHEIRS\naws_secret_access_key = t\naws_session_token = t\n"
    furnish(home, credentials=CREDENTIALS + theirs)
    first = log_in(home).session
    log_in(home, target="second")
    with home.credentials.open("a") as file:
        file.write("# a later thought\n")
    hold_session(home, new_session(access_key_id="ASIANEXT"))
    log_in(home)
    kept = backups(home)
    assert set(kept) == {"config", "credentials"}
    text = kept["credentials"].read_text()
    assert text.startswith(CREDENTIALS + theirs)
    assert text.endswith("# a later thought\n")
    assert "[dev-mfa]\nmfa_tui_source = dev\n" in text
    assert "[second]\nmfa_tui_source = dev\n" in text
    assert first.access_key_id not in text
    assert first.secret_access_key.reveal() not in text
    assert first.session_token.reveal() not in text


def test_an_emptied_file_does_not_replace_the_backup(home: Home) -> None:
    """Another tool emptied the file: what was in it is still to be had."""
    keys = CREDENTIALS.replace("[dev]\n", "")
    furnish(home, config=CONFIG.replace("\n\n", f"\n{keys}"))
    log_in(home)
    home.credentials.write_text("")
    (home.path / "old").mkdir()
    log_in(home)
    assert backups(home)["credentials"].read_text() == CREDENTIALS


def test_files_of_the_same_name_have_a_backup_each(home: Home) -> None:
    furnish(home)
    log_in(home)
    home.credentials.rename(home.path / "credentials")
    home.env["AWS_SHARED_CREDENTIALS_FILE"] = str(home.path / "credentials")
    logout(context_of(home), "dev", Control())
    names = [path.name for path in (home.path / ".local/share/mfa-tui/backups").iterdir()]
    assert sum(name.endswith("-credentials") for name in names) == 2


def test_logout_backs_up_no_session_either(home: Home) -> None:
    furnish(home)
    session = log_in(home).session
    logout(context_of(home), "dev", Control())
    assert session.session_token.reveal() not in backups(home)["credentials"].read_text()
