"""Backups: good files in generations, for nobody else, without the session keys that mfa-tui wrote."""

from pathlib import Path

from mfa_tui.adapters.awsfiles.backups import Backups
from mfa_tui.adapters.system.cancellation import CancelScope
from mfa_tui.services.login.logout import log_out
from tests.support.awsfiles.saved_sessions import (
    CONFIG,
    CREDENTIALS,
    age,
    context_of,
    furnish,
    hold_session,
    log_in,
    mode,
    new_session,
)
from tests.support.homes.home import Home


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


def generations(home: Home, name: str = "credentials") -> list[str]:
    """What the backups of one file hold, from the first to the last."""
    found = {}
    for path in (home.path / ".local/share/mfa-tui/backups").iterdir():
        base, _, number = path.name.partition("-")[2].partition(".")
        if base == name:
            found[int(number or 0)] = path.read_text()
    return [found[number] for number in sorted(found)]


def test_no_session_of_ours_is_in_any_generation(home: Home) -> None:
    theirs = "\n[theirs]\naws_access_key_id = ASIATHEIRS\naws_secret_access_key = t\naws_session_token = t\n"
    furnish(home, credentials=CREDENTIALS + theirs)
    first = log_in(home).session
    log_in(home, target="second")
    with home.credentials.open("a") as file:
        file.write("# a later thought\n")
    hold_session(home, new_session(access_key_id="ASIANEXT"))
    log_in(home)
    kept = generations(home)
    assert kept[0] == CREDENTIALS + theirs
    assert kept[-1].startswith(CREDENTIALS + theirs)
    assert kept[-1].endswith("# a later thought\n")
    assert "[dev-mfa]\nmfa_tui_source = dev\n" in kept[-1]
    assert "[second]\nmfa_tui_source = dev\n" in kept[-1]
    for text in kept:
        assert first.access_key_id not in text
        assert first.secret_access_key.reveal() not in text
        assert first.session_token.reveal() not in text


def test_logins_of_the_same_files_make_no_generation(home: Home) -> None:
    furnish(home)
    for number in range(5):
        hold_session(home, new_session(access_key_id=f"ASIA{number}"))
        log_in(home)
        age(home)
    assert len(generations(home)) == 2


def test_the_first_and_what_was_lost_stay(home: Home) -> None:
    keys = "[{}]\naws_access_key_id = AKIA\naws_secret_access_key = {}\n"
    furnish(home)
    log_in(home)
    for number in range(40):
        text = CREDENTIALS + f"# {number}\n" + (keys.format("lost", "s") if number == 5 else "")
        home.credentials.write_text(text)
        age(home)
        log_in(home)
    kept = generations(home)
    assert kept[0] == CREDENTIALS
    assert [text for text in kept if "[lost]" in text] == [CREDENTIALS + "# 5\n" + keys.format("lost", "s")]
    assert kept[-1] == CREDENTIALS + "# 39\n"
    assert len(kept) == 8


def test_however_much_is_lost_there_is_an_end_of_generations(home: Home) -> None:
    furnish(home)
    for number in range(30):
        home.credentials.write_text(f"{CREDENTIALS}[lost-{number}]\nk = v\n")
        age(home)
        log_in(home)
    kept = generations(home)
    assert len(kept) == 17
    assert "[lost-29]" in kept[-1]
    assert "[lost-0]" in kept[0]


def test_a_backup_of_an_older_version_is_the_first(home: Home) -> None:
    furnish(home)
    log_in(home)
    log_in(home, target="second")
    directory = home.path / ".local/share/mfa-tui/backups"
    for path in directory.iterdir():
        if path.suffix:
            path.unlink()
    log_in(home, target="third")
    assert generations(home)[0] == CREDENTIALS
    assert len(generations(home)) == 2


def test_copies_of_what_others_wrote(tmp_path: Path) -> None:
    backups = Backups(str(tmp_path / "backups"))
    names = [backups.save_copy("/x/credentials", b"k = %d\n AWS_SESSION_TOKEN = s\n\xff" % n) for n in range(8)]
    assert len(set(names)) == 8
    kept = sorted(str(path) for path in (tmp_path / "backups").iterdir())
    assert kept == sorted(names[-5:])
    assert Path(names[-1]).read_text() == "k = 7\n\ufffd"


def test_an_emptied_file_does_not_replace_the_backup(home: Home) -> None:
    """Another tool emptied the file: what was in it is still to be had."""
    keys = CREDENTIALS.replace("[dev]\n", "")
    furnish(home, config=CONFIG.replace("\n\n", f"\n{keys}"))
    log_in(home)
    home.credentials.write_text("")
    (home.path / "old").mkdir()
    log_in(home)
    assert CREDENTIALS in generations(home)


def test_files_of_the_same_name_have_a_backup_each(home: Home) -> None:
    furnish(home)
    log_in(home)
    home.credentials.rename(home.path / "credentials")
    home.env["AWS_SHARED_CREDENTIALS_FILE"] = str(home.path / "credentials")
    log_out(context_of(home), "dev", CancelScope())
    names = [path.name for path in (home.path / ".local/share/mfa-tui/backups").iterdir()]
    assert sum(name.endswith("-credentials") for name in names) == 2


def test_logout_backs_up_no_session_either(home: Home) -> None:
    furnish(home)
    session = log_in(home).session
    log_out(context_of(home), "dev", CancelScope())
    assert session.session_token.reveal() not in backups(home)["credentials"].read_text()
