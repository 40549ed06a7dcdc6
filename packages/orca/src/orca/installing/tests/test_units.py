"""Units: what they allow, that nobody's change is lost, and that systemd reads what was meant."""

from __future__ import annotations

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from orca.installing import UNITS, agent_unit, server_unit
from orca.installing.cli import install_service, uninstall_service
from orca.installing.units import NotAWord, is_untouched, word

COMMANDS = {
    "server": ["server", "--cluster", "harbour", "--node-address", "10.0.0.1"],
    "agent": ["agent", "--control", "10.0.0.1:6881", "--address", "10.0.0.2"],
}


def run(what: str, folder: Path, *more: str, answer: str = "") -> Result:
    words = [*COMMANDS[what], "--folder", str(folder)]
    words += ["--data", str(folder / "data"), *more]
    return CliRunner().invoke(install_service, words, input=answer)


def parsed(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # as documented
    parser.read_string(text)
    return parser


@pytest.mark.parametrize("what", sorted(UNITS))
def test_a_unit_is_written_once_and_printed_without_being_written(
    tmp_path: Path, what: str
) -> None:
    printed = run(what, tmp_path, "--dry-run")
    assert printed.exit_code == 0
    assert list(tmp_path.iterdir()) == []
    made = run(what, tmp_path)
    path = tmp_path / UNITS[what]
    assert path.read_text() == printed.output
    assert f"systemctl enable --now {UNITS[what]}" in made.output
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert "is as it should be" in run(what, tmp_path).output
    service = parsed(printed.output)["Service"]
    assert service["Restart"] == "always"
    for key in ("NoNewPrivileges", "RestrictNamespaces", "LockPersonality"):
        assert service[key] == "yes"
    assert (service["ProtectSystem"], service["ReadWritePaths"]) == ("strict", f"{tmp_path}/data")


def test_the_agent_alone_is_ended_and_the_control_plane_has_no_power() -> None:
    agent = parsed(agent_unit(["/usr/bin/orca", "agent"], Path("/var/lib/orca-agent")))
    assert agent["Service"]["KillMode"] == "process"
    assert agent["Service"]["CapabilityBoundingSet"] == "CAP_NET_BIND_SERVICE"
    assert "docker.service" in agent["Unit"]["After"]
    server = parsed(server_unit(["/usr/bin/orca", "server"], Path("/var/lib/orca")))
    assert server["Service"]["CapabilityBoundingSet"] == ""


def test_what_somebody_changed_is_shown_and_asked_about(tmp_path: Path) -> None:
    run("agent", tmp_path)
    path = tmp_path / UNITS["agent"]
    changed = path.read_text().replace("RestartSec=2", "RestartSec=9")
    path.write_text(changed)
    assert not is_untouched(changed)
    refused = run("agent", tmp_path, answer="n\n")
    assert (refused.exit_code, path.read_text()) == (1, changed)
    assert "-RestartSec=9" in refused.output
    assert run("agent", tmp_path).exit_code == 1  # nobody is there to be asked
    assert path.read_text() == changed
    assert run("agent", tmp_path, answer="y\n").exit_code == 0
    assert "RestartSec=2" in path.read_text()


def test_one_of_ours_that_nobody_changed_is_written_anew(tmp_path: Path) -> None:
    run("agent", tmp_path)
    assert run("agent", tmp_path, "--engine", "unix:///other.sock").exit_code == 0
    assert "unix:///other.sock" in (tmp_path / UNITS["agent"]).read_text()


def test_a_unit_is_taken_away_and_the_data_stay(tmp_path: Path) -> None:
    run("server", tmp_path)
    words = ["server", "--folder", str(tmp_path)]
    assert "would be" in CliRunner().invoke(uninstall_service, [*words, "--dry-run"]).output
    path = tmp_path / UNITS["server"]
    path.write_text(path.read_text() + "# mine\n")
    assert CliRunner().invoke(uninstall_service, words, input="n\n").exit_code == 1
    assert path.exists()
    assert CliRunner().invoke(uninstall_service, words, input="y\n").exit_code == 0
    assert not path.exists()
    assert (tmp_path / "data").is_dir()
    again = CliRunner().invoke(uninstall_service, words)
    assert (again.exit_code, "is not there" in again.output) == (1, True)


@given(
    st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp", "Cf", "Cn", "Co", "Zs"]))
)
def test_no_value_becomes_a_second_line_a_variable_or_a_specifier(text: str) -> None:
    """Read back as systemd does: quotes, backslashes, `%%` and `$$`."""
    if not text:
        return
    written = word(text)
    assert "\n" not in written
    inner = written[1:-1] if written.startswith('"') else written
    plain = inner.replace("\\\\", "\0").replace('\\"', '"').replace("\0", "\\")
    assert plain.replace("%%", "%").replace("$$", "$") == text
    assert "%" not in inner.replace("%%", "")
    assert "$" not in inner.replace("$$", "")


@pytest.mark.parametrize("text", ["", "a\nExecStart=/bin/sh", "a\0b", "a\rb", "\x1b[2J"])
def test_what_cannot_be_printed_is_refused(text: str) -> None:
    with pytest.raises(NotAWord, match="cannot stand in a unit"):
        word(text)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    for what in UNITS:
        run(what, tmp_path)
        path = tmp_path / UNITS[what]
        path.write_text(path.read_text().replace("ExecStart=", "ExecStart=/bin/true "))
        done = subprocess.run(  # noqa: S603
            ["systemd-analyze", "verify", "--man=no", str(path)],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
