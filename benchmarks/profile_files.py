"""Config and credentials files of any number of profiles, as a team's tooling would write them."""

from pathlib import Path


def name(number: int) -> str:
    """The name of a profile; it is found in a screen's output by this."""
    return f"team-{number:05d}"


def write(home: Path, profiles: int) -> None:
    """``config`` and ``credentials`` in ``home``, with access keys and an MFA device for each profile."""
    home.mkdir(parents=True, exist_ok=True)
    config, credentials = [], []
    for number in range(profiles):
        account = f"{100_000_000_000 + number}"
        config.append(
            f"[profile {name(number)}]\nregion = eu-central-1\noutput = json\n"
            f"mfa_serial = arn:aws:iam::{account}:mfa/phone\n\n"
        )
        credentials.append(
            f"# {name(number)}, keys of the automation user\n[{name(number)}]\n"
            f"aws_access_key_id = AKIA{number:016d}\naws_secret_access_key = {number:040d}\n\n"
        )
    write_texts(home, "".join(config), "".join(credentials))


def write_texts(home: Path, config: str, credentials: str) -> None:
    """Both files with these contents, readable by their owner only."""
    home.mkdir(parents=True, exist_ok=True)
    for file_name, text in (("config", config), ("credentials", credentials)):
        (home / file_name).write_text(text)
        (home / file_name).chmod(0o600)
