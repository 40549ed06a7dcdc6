"""Units: what they allow, that nobody's change is lost, and that systemd reads what was meant."""

from __future__ import annotations

import configparser
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from orca.cli import main
from orca.installing import UNITS, NotAWord, is_untouched, unit_of, word

COMMANDS = {
    "server": ["server", "--cluster", "harbour", "--node-address", "10.0.0.1"],
    "agent": ["agent", "--control", "10.0.0.1:6881", "--address", "10.0.0.2"],
}


def run(what: str, folder: Path, *more: str, answer: str = "") -> Result:
    words = [*COMMANDS[what], "--folder", str(folder)]
    words += ["--data", str(folder / "data"), *more]
    return CliRunner().invoke(main, ["install-service", *words], input=answer)


def command_of(*names: str) -> click.Command:
    found: click.Command = main
    context = click.Context(main, info_name="orca")
    for name in names:
        assert isinstance(found, click.Group)
        step = found.get_command(context, name)
        assert step is not None
        found = step
    return found


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


@pytest.mark.parametrize("what", sorted(UNITS))
def test_every_option_of_the_command_can_be_kept_in_the_unit(what: str) -> None:
    """R22: `--proxy`, `--away-after` and `--lost-after` could not. Given all options, the unit has
    all of them, with what was given.
    """
    run_it, keep_it = command_of(what), command_of("install-service", what)
    own = {each.opts[0] for each in keep_it.params} - {each.opts[0] for each in run_it.params}
    assert own == {"--folder", "--dry-run"}
    given = {each.opts[0]: value_for(each) for each in run_it.params}
    words = [word for pair in given.items() for word in pair]
    told = CliRunner().invoke(main, ["install-service", what, *words, "--dry-run"])
    assert told.exit_code == 0, told.output
    command = shlex.split(parsed(told.output)["Service"]["ExecStart"])
    assert command[1] == what
    assert dict(zip(command[2::2], command[3::2], strict=True)) == given
    assert run_it.make_context(what, command[2:]).params.keys() == given_names(run_it)


def given_names(command: click.Command) -> set[str]:
    return {str(each.name) for each in command.params}


def value_for(option: click.Parameter) -> str:
    """Another one than is taken without it."""
    if isinstance(option.type, click.types.IntParamType):
        assert isinstance(option.default, int)
        return str(option.default + 1)
    return "10.0.0.9" if option.name and option.name.endswith("address") else "/some/where"


def test_what_the_command_would_refuse_is_not_kept_in_a_unit(tmp_path: Path) -> None:
    """D40: it would end and be started again, every two seconds."""
    told = run("agent", tmp_path, "--address", "0.0.0.0")  # noqa: S104 - refused
    assert (told.exit_code, "not on all" in told.output) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_what_is_given_by_its_place_is_found_from_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = run("agent", tmp_path, "--proxy", "./traefik", "--join-file", "join", "--dry-run").output
    command = shlex.split(parsed(told)["Service"]["ExecStart"])
    assert f"{tmp_path}/traefik" in command
    assert f"{tmp_path}/join" in command
    assert Path(command[0]).is_absolute()


def test_the_agent_alone_is_ended_and_the_control_plane_has_no_power() -> None:
    agent = parsed(unit_of("agent", ["/usr/bin/orca", "agent"], Path("/var/lib/orca-agent")))
    assert agent["Service"]["KillMode"] == "process"
    assert agent["Service"]["CapabilityBoundingSet"] == "CAP_NET_BIND_SERVICE"
    assert "docker.service" in agent["Unit"]["After"]
    server = parsed(unit_of("server", ["/usr/bin/orca", "server"], Path("/var/lib/orca")))
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
    words = ["uninstall-service", "server", "--folder", str(tmp_path)]
    assert "would be" in CliRunner().invoke(main, [*words, "--dry-run"]).output
    path = tmp_path / UNITS["server"]
    path.write_text(path.read_text() + "# mine\n")
    assert CliRunner().invoke(main, words, input="n\n").exit_code == 1
    assert path.exists()
    assert CliRunner().invoke(main, words, input="y\n").exit_code == 0
    assert not path.exists()
    assert (tmp_path / "data").is_dir()
    again = CliRunner().invoke(main, words)
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
