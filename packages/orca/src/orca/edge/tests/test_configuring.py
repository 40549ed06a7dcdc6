"""From a plan to a proxy's documents, without a proxy."""

from __future__ import annotations

from pathlib import Path

from orca.edge import (
    Backend,
    CertificateFiles,
    EdgeOrders,
    Served,
    Settings,
    Site,
    Wish,
    digest_of,
    reached_from,
    sites_of,
)
from orca.edge.configuring import changing
from orca.planning import Upstream
from orca.scheduling import CopyId
from orca.spec import Service

SETTINGS = Settings(Path("edge"))
HERE = (Backend("10.0.0.1:80"),)
OLD, NEW = CopyId("shop/web", 0, 1), CopyId("shop/web", 0, 2)


def test_a_copy_of_which_nobody_knows_where_it_is_gets_nothing() -> None:
    services = {"shop/web": Service(name="web", image="a", port=80, domain="shop.example")}
    routes = {"shop/web": (Upstream(OLD, "n1", 8_000), Upstream(NEW, "n2", 2_000)), "gone/x": ()}
    [site] = sites_of(services, routes, {OLD: "10.0.0.1:3001"})
    assert site.backends == (Backend("10.0.0.1:3001", 8_000),)
    assert site.domains == ("shop.example",)


def test_names_that_look_alike_stay_two() -> None:
    sites = (Site("a-b/c", ("a.example",), HERE), Site("a/b-c", ("b.example",), HERE))
    services = changing(Wish(sites), SETTINGS, number=1)["http"]["services"]
    assert set(services) == {"orca", "a-b_c", "a_b-c"}


def test_with_a_certificate_the_open_door_leads_to_the_closed_one() -> None:
    """D62: without one, requests are answered in the open."""
    certificate = CertificateFiles(frozenset({"*.shop.example"}), Path("c"), Path("k"))
    sites = (Site("s/a", ("www.shop.example", "shop.example", "a.b.shop.example"), HERE),)
    http = changing(Wish(sites, (certificate,)), SETTINGS, number=1)["http"]
    doors = {
        (router["rule"], router["entryPoints"][0], "redirect" in router["middlewares"])
        for name, router in http["routers"].items()
        if name.startswith("s_a")
    }
    assert doors == {
        ("Host(`www.shop.example`)", "open", True),
        ("Host(`www.shop.example`)", "closed", False),
        ("Host(`shop.example`)", "open", False),
        ("Host(`a.b.shop.example`)", "open", False),
    }


def test_nothing_is_tried_again_where_nobody_else_could_answer() -> None:
    """Elsewhere by its time; what was sent, once more at most."""

    def attempts(count: int) -> list[int]:
        backends = tuple(Backend(f"10.0.0.{number}:80") for number in range(count))
        http = changing(Wish((Site("s/a", ("a.example",), backends),)), SETTINGS, number=1)["http"]
        tries = [one["retry"] for one in http.get("middlewares", {}).values()]
        assert all("timeout" in one or one["disableRetryOnNetworkError"] for one in tries)
        assert not any("retryNonIdempotentMethod" in one for one in tries)
        return [one["attempts"] for one in tries]

    assert [attempts(count) for count in (0, 1, 2, 9)] == [[], [], [15, 2], [15, 2]]


def test_an_edge_reaches_its_own_copies_and_those_of_others_where_people_say() -> None:
    """What another node has published on its own loopback is something else here."""
    routes = {
        "shop/web": (
            Upstream(OLD, "n1", 5_000, "127.0.0.1:3001"),
            Upstream(NEW, "n2", 5_000, "10.0.0.2:3002"),
        )
    }
    assert reached_from("n1", routes, {}) == {OLD: "127.0.0.1:3001", NEW: "10.0.0.2:3002"}
    assert reached_from("n2", routes, {}) == {NEW: "10.0.0.2:3002"}
    declared = {"n1": "n1.example", "n2": "2001:db8::2"}
    assert reached_from("n2", routes, declared) == {OLD: "n1.example:3001", NEW: "10.0.0.2:3002"}
    assert reached_from("n3", routes, declared)[NEW] == "[2001:db8::2]:3002"
    assert reached_from("n1", {"shop/web": (Upstream(OLD, "n1", 1),)}, {}) == {}


def test_orders_are_told_apart_by_all_that_is_in_them() -> None:
    orders = EdgeOrders(sites=(Site("shop/web", ("a.example",), HERE),))
    renewed = Served(("a.example",), "chain", "key", "digest")
    others = [
        None,
        EdgeOrders(),
        EdgeOrders(sites=orders.sites, certificates=(renewed,)),
        EdgeOrders(sites=orders.sites, challenges={"token": "said"}),
    ]
    assert digest_of(orders) == digest_of(EdgeOrders(sites=orders.sites))
    assert len({digest_of(each) for each in [orders, *others]}) == 5
    assert "key" not in repr(renewed).replace("key=", "")
