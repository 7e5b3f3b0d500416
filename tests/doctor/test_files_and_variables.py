"""Files that are missing, empty or of another kind, and the variables that name them."""

import pytest

from tests.doctor.scenes import Scene


def test_empty_files_are_like_no_files(scene: Scene) -> None:
    scene.write("# nothing\n", "")
    (finding,) = scene.findings()
    assert (finding["code"], finding["severity"]) == ("no-profiles", "warning")


@pytest.mark.parametrize("name", ["config", "credentials"])
def test_a_directory_in_place_of_a_file_is_reported_once(scene: Scene, name: str) -> None:
    scene.write()
    path = scene.home.aws_dir / name
    path.unlink()
    path.mkdir(mode=0o755)
    errors = [each for each in scene.findings() if each["severity"] != "hint"]
    assert [(each["code"], each["severity"]) for each in errors] == [("file-kind", "error")]
    assert "chmod" not in errors[0]["remedy"]


def test_settings_that_do_not_exist_where_the_variable_says(scene: Scene) -> None:
    scene.write()
    nowhere = str(scene.home.path / "nowhere.toml")
    (finding,) = scene.findings(MFA_TUI_CONFIG=nowhere)
    assert (finding["code"], finding["severity"]) == ("settings-missing", "warning")
    assert finding["place"]["variable"] == "MFA_TUI_CONFIG"
    told = scene.home.run("list", env={"MFA_TUI_CONFIG": nowhere}).stderr
    assert (
        told == f"mfa-tui: warning: MFA_TUI_CONFIG names {nowhere}, which does not exist. The default settings apply.\n"
    )


def test_settings_of_the_interface(scene: Scene) -> None:
    scene.write()
    settings = scene.home.path / "settings.toml"
    settings.write_text('theme = "no"\n[keymap]\nroles = "q"\nlogin = "ctrl+"\nfly = "f"\n')
    found = scene.findings(MFA_TUI_CONFIG=str(settings))
    assert {each["severity"] for each in found} == {"warning"}
    assert [each["code"] for each in found] == [*["settings-keymap"] * 3, "settings-theme"]
    told = " ".join(each["what"] for each in found)
    assert all(word in told for word in ("'fly'", "roles = 'q'", "login = 'ctrl+'", "theme 'no'", str(settings)))
