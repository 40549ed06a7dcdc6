"""A market with three couriers, as one process."""

from __future__ import annotations

import socket
import sqlite3
from pathlib import Path

from click.testing import CliRunner

from basis.kit.signing import SigningKey
from swarmhaul.cli import main
from swarmhaul.matching import Place
from swarmhaul.tests.processes import Process
from swarmhaul.tests.shipping import NORTH, chain_to


def test_what_is_near_is_carried_by_one_and_what_is_far_by_two() -> None:
    assert chain_to(Place(53.345, -6.28)) == ["Aoife"]
    assert chain_to(NORTH) == ["Aoife", "Brendan"]
    assert chain_to(Place(53.35, -6.235)) == ["Aoife", "Ciara"]


def test_the_demo_says_when_it_is_ready_is_given_money_and_ends_when_it_is_told(
    tmp_path: Path,
) -> None:
    demo = Process(tmp_path / "demo.log", ("demo", "--port", "0", "--data", str(tmp_path / "d")))
    demo.start()
    url = demo.said(r"^Ready: (http://\S+), where Aoife, Brendan, Ciara carry").group(1)
    wallet = SigningKey.of_seed(b"w" * 32).public
    paid = ["deposit", "--url", url, "--data", str(tmp_path / "d"), "--to", wallet]
    done = CliRunner().invoke(main, [*paid, "--amount", "2000000"])
    assert (done.output, done.exit_code) == (f"{wallet} has 2,000,000 lamports.\n", 0)
    elsewhere = [*paid[:4], str(tmp_path / "elsewhere"), *paid[5:]]
    poor = CliRunner().invoke(main, [*elsewhere, "--amount", "2000000"])
    assert poor.exit_code == 1
    assert "only the treasury brings money" in poor.output
    assert demo.end() == 0
    verify_folder(tmp_path / "d")


def verify_folder(folder: Path) -> None:
    """A market that stands still is believed, until one bit of its journal is another."""
    asked = ["verify", "--data", str(folder)]
    good = CliRunner().invoke(main, asked)
    assert good.exit_code == 0, good.output
    assert "4 entries" in good.output
    assert "3,002,000,000 lamports: 3,002,000,000 in wallets, 0 in escrow" in good.output
    journal = sqlite3.connect(folder / "svm.journal", isolation_level=None)
    journal.execute("DROP TRIGGER posting_UPDATE")
    journal.execute("UPDATE posting SET amount = amount + sign(amount) WHERE seq = 2")
    journal.close()
    bad = CliRunner().invoke(main, asked)
    assert bad.exit_code == 1
    assert "HashWrong: entry 2" in bad.output
    assert "MovesWrong: entry 2" in bad.output
    assert "Traceback" not in bad.output


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = CliRunner().invoke(main, ["demo", "--port", port, "--data", str(tmp_path)])
    assert said.exit_code == 1
    assert f"Port {port}" in said.output
