"""A wish in Traefik's words: pure functions from values to documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orca.edge.sites import Site, Wish

CHALLENGES = "/.well-known/acme-challenge/"
ABOVE_ALL = 1_000_000
BY_PATH = 1_000
"""Above what the proxy would count by itself, so that only our order holds."""
POLL = "200ms"
THROTTLE = "100ms"
REACH_SECONDS = 1
"""Where somebody else can answer, nobody is waited for who cannot be reached."""
TRIES_MAX = 15
TRYING_SECONDS_MAX = 15
AGAIN_BYTES_MAX = 65_536
IDLE_CONNECTIONS_MAX = 200
IDLE_CONNECTION_SECONDS = 90
"""As the proxy keeps them by itself, where nothing else is said."""
UPLOAD_SECONDS_MAX = 3_600
IDLE_SECONDS = 180
GRACE_SECONDS = 10
INNER_PORT, FEED_PORT = 6_882, 6_883
OPEN, CLOSED, INNER = "open", "closed", "inner"
OWN = "orca"
REDIRECT = "redirect"
QUICK = "quick"
SEAM = "_"
"""In no name of a project or service, so that `a-b/c` and `a/b-c` stay two."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a proxy listens, and whose word on a client's address counts."""

    folder: Path
    """Its own: nobody else writes there."""
    http_port: int = 80
    https_port: int = 443
    inner_port: int = INNER_PORT
    """On the loopback: how we know that it obeys, and its figures."""
    feed_port: int = FEED_PORT
    """On the loopback: where it gets its wishes from us."""
    trusted: tuple[str, ...] = ()
    """Networks whose `X-Forwarded-For` is believed."""


def started_with(settings: Settings, password: str) -> dict[str, Any]:
    """What does not change while it runs."""
    return {
        "global": {"checkNewVersion": False, "sendAnonymousUsage": False},
        "log": {"level": "WARN", "format": "json"},
        "entryPoints": {
            OPEN: door(settings, settings.http_port),
            CLOSED: door(settings, settings.https_port, tls={}),
            INNER: {"address": f"127.0.0.1:{settings.inner_port}"},
        },
        "metrics": {"prometheus": {"entryPoint": INNER, "addServicesLabels": True}},
        "providers": {
            "providersThrottleDuration": THROTTLE,
            "http": {
                "endpoint": f"{feed_of(settings)}/wish",
                "pollInterval": POLL,
                "pollTimeout": "5s",
                "headers": {"Authorization": password},
            },
        },
    }


def door(settings: Settings, port: int, **more: Any) -> dict[str, Any]:
    return {
        "address": f":{port}",
        "transport": {
            "respondingTimeouts": {
                "readTimeout": UPLOAD_SECONDS_MAX,
                "writeTimeout": 0,  # streams are as long as they are
                "idleTimeout": IDLE_SECONDS,
            },
            "lifeCycle": {"graceTimeOut": GRACE_SECONDS},
        },
        "forwardedHeaders": {"trustedIPs": list(settings.trusted)},
        # To a server that makes variables of headers `X_Forwarded_For` is what the proxy sets.
        "http": {"aliasHeadersStrategy": "delete", **more},
    }


def feed_of(settings: Settings) -> str:
    return f"http://127.0.0.1:{settings.feed_port}"


def changing(wish: Wish, settings: Settings, *, number: int) -> dict[str, Any]:
    """What it does from now on. `number` names it: `/obeys/<number>` is there once it does."""
    certified = frozenset(name for each in wish.certificates for name in each.domains)
    routers = own_routers(number)
    services: dict[str, Any] = {OWN: {"loadBalancer": {"servers": [{"url": feed_of(settings)}]}}}
    middlewares = {REDIRECT: redirect_to(settings.https_port)} if certified else {}
    for site in wish.sites:
        name = site.service.replace("/", SEAM)
        services[name] = service_of(site)
        middlewares |= middlewares_of(site, name)
        routers |= all_routers_of(site, name, settings, certified)
    http = {
        "routers": routers,
        "services": services,
        "middlewares": middlewares,
        "serversTransports": {QUICK: quick_transport()},
    }
    return {
        "http": {kind: entries for kind, entries in http.items() if entries},
        "tls": {
            # Without a certificate of the name there is no answer, and not somebody else's.
            "options": {"default": {"minVersion": "VersionTLS12", "sniStrict": True}},
            "certificates": [
                {"certFile": str(each.certificate), "keyFile": str(each.key)}
                for each in wish.certificates
            ],
        },
    }


def own_routers(number: int) -> dict[str, Any]:
    return {
        "own-challenges": {
            "entryPoints": [OPEN],
            "rule": f"PathPrefix(`{CHALLENGES}`)",
            "priority": ABOVE_ALL,
            "service": OWN,
        },
        "own-obeys": {"entryPoints": [INNER], "rule": f"Path(`/obeys/{number}`)", "service": OWN},
    }


def redirect_to(port: int) -> dict[str, Any]:
    return {"redirectScheme": {"scheme": "https", "port": str(port), "permanent": True}}


def all_routers_of(
    site: Site, name: str, settings: Settings, certified: frozenset[str]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for index, domain in enumerate(sorted(set(site.domains))):
        is_certified = covers(certified, domain)
        for step, route in enumerate(site.routes):
            for way, router in routers_of(
                site, name, domain, route, settings, is_certified=is_certified
            ):
                found[f"{name}-{index}-{step}-{way}"] = router
    return found


def covers(certified: frozenset[str], domain: str) -> bool:
    return domain in certified or f"*.{domain.partition('.')[2]}" in certified


def service_of(site: Site) -> dict[str, Any]:
    servers = [
        {"url": f"http://{backend.address}", "weight": backend.share}
        for backend in site.backends
        if backend.share
    ]
    balancer: dict[str, Any] = {"servers": servers, "passHostHeader": True}
    if len(site.backends) > 1:
        balancer["serversTransport"] = QUICK
    return {"loadBalancer": balancer}


def quick_transport() -> dict[str, Any]:
    return {
        "maxIdleConnsPerHost": IDLE_CONNECTIONS_MAX,
        "forwardingTimeouts": {
            "dialTimeout": f"{REACH_SECONDS}s",
            "idleConnTimeout": f"{IDLE_CONNECTION_SECONDS}s",
        },
    }


def middlewares_of(site: Site, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if len(site.backends) > 1:
        found |= tries_of(name)
    if site.strip_prefix:
        prefixes = [route for route in site.routes if route != "/"]
        found |= {f"{name}-strip": {"stripPrefix": {"prefixes": prefixes}}} if prefixes else {}
    if site.rate_limit is not None:
        limit = {"average": site.rate_limit.per_second, "burst": site.rate_limit.burst}
        found[f"{name}-limit"] = {"rateLimit": limit}
        found[f"{name}-limit-behind"] = {
            "rateLimit": {**limit, "sourceCriterion": {"ipStrategy": {"depth": 1}}}
        }
    return found


def tries_of(name: str) -> dict[str, Any]:
    """What was not sent is tried again, whatever it is: the next in turn may be the same one, so
    there are more tries than copies. What was sent and not answered is sent once more if that does
    no harm, as for GET; no order is placed twice.
    """
    unsent = {"attempts": TRIES_MAX, "timeout": f"{TRYING_SECONDS_MAX}s"}
    unanswered = {
        "attempts": 2,
        "status": ["502", "504"],
        "disableRetryOnNetworkError": True,
        "maxRequestBodyBytes": AGAIN_BYTES_MAX,
    }
    return {f"{name}-again": {"retry": unsent}, f"{name}-once-more": {"retry": unanswered}}


def routers_of(
    site: Site, name: str, domain: str, route: str, settings: Settings, *, is_certified: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where there is a certificate, the open door only leads to the closed one."""
    rule = f"Host(`{domain}`)" + ("" if route == "/" else f" && {below(route)}")
    priority = BY_PATH + 2 * len(route)
    base = {"rule": rule, "priority": priority, "service": name}
    if is_certified:
        yield "redirect", {**base, "entryPoints": [OPEN], "middlewares": [REDIRECT]}
    entry = CLOSED if is_certified else OPEN
    yield (
        "in",
        {**base, "entryPoints": [entry], "middlewares": [*steps_of(site, name, route, "limit")]},
    )
    if site.rate_limit is not None and settings.trusted:
        # Behind a trusted proxy the client is whom it names; whoever comes by another way is who
        # they are, whatever they say.
        yield (
            "behind",
            {
                **base,
                "rule": f"{rule} && ({clients(settings.trusted)})",
                "priority": priority + 1,
                "entryPoints": [entry],
                "middlewares": [*steps_of(site, name, route, "limit-behind")],
            },
        )


def clients(networks: tuple[str, ...]) -> str:
    return " || ".join(f"ClientIP(`{network}`)" for network in networks)


def steps_of(site: Site, name: str, route: str, limit: str) -> Iterator[str]:
    if site.rate_limit is not None:
        yield f"{name}-{limit}"
    if site.strip_prefix and route != "/":
        yield f"{name}-strip"
    if len(site.backends) > 1:
        yield f"{name}-once-more"
        yield f"{name}-again"


def below(route: str) -> str:
    """`/api` and what is below it; `/apix` is something else."""
    return f"(Path(`{route}`) || PathPrefix(`{route}/`))"
