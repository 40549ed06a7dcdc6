"""What is wrong is said with its file, line and key, and all of it at once."""

from __future__ import annotations

import pytest

from orca.spec import Code, SpecRefused
from orca.spec.tests.builders import CLUSTER, WEB, problems, project, service

PORT = "port = 8080\n"
DOMAIN = PORT + 'domain = "a.example"\n'
VOLUME = '[[service.volumes]]\nname = "data"\npath = "/data"\n'

L4 = 'vendor = "nvidia", model = "L4", vram = "24Gi"'
AMD = 'vendor = "amd", model = "W7900", vram = "48Gi"'
GPUS = [
    (f"{{ {L4}, first = 128 }}", Code.OUT_OF_BOUNDS, "0 to 127"),
    (f"{{ {AMD}, first = 0 }}", Code.OUT_OF_BOUNDS, "128 to 255"),
    (f"{{ {L4}, count = 2 }}, {{ {L4}, first = 1 }}", Code.DUPLICATE, "`first`"),
]


@pytest.mark.parametrize(("gpus", "code", "words"), GPUS)
def test_a_gpu_has_a_number_of_its_vendor_and_alone(gpus: str, code: Code, words: str) -> None:
    node = f'[[node]]\nname = "quay"\naddress = "10.0.0.1"\ngpus = [{gpus}]\n'
    found = problems(cluster=CLUSTER + node.encode())
    assert [(each.code, words in str(each)) for each in found] == [(code, True)]


# What is added to a service that is fine, and the code, the line, the key and a word of the answer.
WRONG = [
    ("prot = 80", Code.UNKNOWN_KEY, 4, "prot", "`port`"),
    ("zzz = 80", Code.UNKNOWN_KEY, 4, "zzz", "Known are"),
    ('port = "80"', Code.WRONG_TYPE, 4, "port", "whole number"),
    ("port = true", Code.WRONG_TYPE, 4, "port", "true or false"),
    ("port = 0", Code.OUT_OF_BOUNDS, 4, "port", "At least 1"),
    ("port = 70000", Code.OUT_OF_BOUNDS, 4, "port", "At most 65535"),
    ('replicas = "auto"', Code.WRONG_TYPE, 4, "replicas", "whole number"),
    ("replicas = -1", Code.OUT_OF_BOUNDS, 4, "replicas", "At least 0"),
    ("replicas = 1000000", Code.OUT_OF_BOUNDS, 4, "replicas", "At most 100"),
    (PORT + 'domain = "A.example"', Code.MALFORMED, 5, "domain", "small letters"),
    (PORT + 'domain = "a b"', Code.MALFORMED, 5, "domain", "domain"),
    ('domain = "a.example"', Code.NEEDS, 4, "domain", "port"),
    ('health = "/ok"', Code.NEEDS, 4, "health", "port"),
    ('health = "ok"', Code.MALFORMED, 4, "health", "/healthz"),
    (DOMAIN + 'routes = ["api"]', Code.MALFORMED, 6, "routes[0]", "/api"),
    (DOMAIN + 'routes = ["/a", "/a"]', Code.DUPLICATE, 6, "routes", "twice"),
    (DOMAIN + "routes = []", Code.OUT_OF_BOUNDS, 6, "routes", "At least 1"),
    ("rate_limit = { per_second = 1, burst = 1 }", Code.NEEDS, 4, "rate_limit", "domain"),
    ("[service.env]\n1A = '1'", Code.MALFORMED, 5, "env.1A", "no digit first"),
    ("[service.env]\nA = 1", Code.WRONG_TYPE, 5, "env.A", "text"),
    ('env.A = "${secret.X}"', Code.SECRET_MALFORMED, 4, "env.A", "$${"),
    ('env.A = "${secrets.}"', Code.SECRET_MALFORMED, 4, "env.A", "$${"),
    ('env.A = "${secrets.X"', Code.SECRET_MALFORMED, 4, "env.A", "$${"),
    ('env.A = "a\\u0000b"', Code.MALFORMED, 4, "env.A", "NUL"),
    ('command = ["a", "\\u0000"]', Code.MALFORMED, 4, "command[1]", "NUL"),
    ('resources.memory = "1.5 GB"', Code.MALFORMED, 4, "resources.memory", "512Mi"),
    ('resources.memory = "512"', Code.MALFORMED, 4, "resources.memory", "512Mi"),
    ("resources.cpu = nan", Code.OUT_OF_BOUNDS, 4, "resources.cpu", "At least"),
    ("resources.cpu = inf", Code.OUT_OF_BOUNDS, 4, "resources.cpu", "At most"),
    ('resources.gpu.vendor = "x"', Code.NOT_A_CHOICE, 4, "resources.gpu.vendor", "nvidia"),
    ("readiness.path = '/'", Code.NEEDS, 4, "readiness", "port"),
    (PORT + "readiness = {}", Code.CONTRADICTION, 5, "readiness", "none of them"),
    (PORT + "liveness = {tcp = true, path = '/'}", Code.CONTRADICTION, 5, "liveness", "path and"),
    (
        "[[service.volumes]]\nname = 'a'\npath = 'data'",
        Code.MALFORMED,
        6,
        "volumes[0].path",
        "slash",
    ),
    ("[[service.volumes]]\nname = 'a'\npath = '/a/../b'", Code.MALFORMED, 6, "volumes[0].path", ""),
    (VOLUME + VOLUME.replace("/data", "/b"), Code.DUPLICATE, 4, "volumes", "data"),
    (
        "[service.deploy]\nmax_surge = 1\n" + VOLUME,
        Code.CONTRADICTION,
        5,
        "max_surge",
        "one volume",
    ),
    ("deploy = {max_unavailable = 0}\n" + VOLUME, Code.CONTRADICTION, 4, "max_unavailable", "nor"),
    (
        DOMAIN + "deploy.strategy = 'canary'\n" + VOLUME,
        Code.CONTRADICTION,
        6,
        "strategy",
        "rolling",
    ),
    ("deploy.strategy = 'canary'", Code.NEEDS, 4, "deploy.strategy", "domain"),
    ("deploy.strategy = 'blue-green'", Code.NOT_A_CHOICE, 4, "deploy.strategy", "canary"),
    ("deploy.canary_weight = 100", Code.OUT_OF_BOUNDS, 4, "canary_weight", "At most 99"),
    (
        "deploy = {max_surge = 0, max_unavailable = 0}",
        Code.CONTRADICTION,
        4,
        "max_unavailable",
        "nothing can be replaced",
    ),
    ("depends_on = ['wbe']", Code.UNKNOWN_NAME, 4, "depends_on[0]", "shop/web"),
    ("depends_on = ['web']", Code.CYCLE, 4, "depends_on", "shop/web → shop/web"),
    ("placement.node = 'quai'", Code.UNKNOWN_NAME, 4, "placement.node", "Did you mean quay"),
    ("[[service.mounts]]\nhost = '/'\npath = '/a'", Code.MALFORMED, 5, "mounts[0].host", "slash"),
    (
        "[[service.mounts]]\nhost = '/etc'\npath = '/a'",
        Code.MOUNT_FORBIDDEN,
        5,
        "mounts[0].host",
        "[mounts]",
    ),
    (
        "[[service.mounts]]\nhost = '/srv/media/../../etc'\npath = '/a'",
        Code.MOUNT_FORBIDDEN,
        5,
        "mounts[0].host",
        "[mounts]",
    ),
    ("build = {}", Code.CONTRADICTION, 4, "build", "either"),
]
FINE = (
    CLUSTER
    + b"""
[mounts]
allow = ["/srv/media"]
[[node]]
name = "quay"
address = "10.0.0.1"
"""
)


@pytest.mark.parametrize(("added", "code", "line", "key", "word"), WRONG, ids=str)
def test_says_where_what_and_what_to_do(
    added: str, code: Code, line: int, key: str, word: str
) -> None:
    [problem] = problems(WEB + added + "\n", cluster=FINE)
    assert (problem.file, problem.code) == ("services/shop/service.toml", code)
    assert (problem.line, problem.key.startswith("service[0]")) == (line, True)
    assert problem.key.endswith(key)
    assert word in f"{problem.words} {problem.advice}"
    assert problem.words.endswith(".")
    assert problem.advice


@pytest.mark.parametrize(
    "name",
    ["", "-web", "web-", "Web", "w eb", "w/eb", "../web", "web\n", "1web", "wéb", "w" * 41, "w.b"],
)
def test_a_name_is_a_dns_label(name: str) -> None:
    """The mistake of the reference: names are not looked at at all, and become those of folders."""
    said = name.replace("\n", "\\n")
    [problem] = problems(f'[[service]]\nname = "{said}"\nimage = "a"\n')
    assert problem.code in {Code.MALFORMED, Code.OUT_OF_BOUNDS}
    assert problem.line == 2


def test_the_name_of_a_project_is_a_dns_label() -> None:
    [problem] = problems(others={"Shop 2": WEB})
    assert (problem.code, problem.file) == (Code.MALFORMED, "services/Shop 2/service.toml")


def test_everything_that_is_wrong_is_said_at_once() -> None:
    text = (
        '[[service]]\nname = "api"\nimage = "a"\nport = 0\nprot = 1\n'
        '[[service]]\nimage = "b"\nreplicas = "x"\n'
    )
    found = problems(text, cluster=b'[cluster]\nnmae = "x"\n', others={"tools": "[[service]\n"})
    assert [(each.file, each.line, each.code) for each in found] == [
        ("cluster.toml", 1, Code.MISSING_KEY),
        ("cluster.toml", 2, Code.UNKNOWN_KEY),
        ("services/shop/service.toml", 4, Code.OUT_OF_BOUNDS),
        ("services/shop/service.toml", 5, Code.UNKNOWN_KEY),
        ("services/shop/service.toml", 6, Code.MISSING_KEY),
        ("services/shop/service.toml", 8, Code.WRONG_TYPE),
        ("services/tools/service.toml", 1, Code.TOML),
    ]
    with pytest.raises(SpecRefused) as refused:
        project(text, cluster=b'[cluster]\nnmae = "x"\n', others={"tools": "[[service]\n"})
    assert str(refused.value).splitlines()[1] == (
        "cluster.toml:2: cluster.nmae: `nmae` is not known here. Did you mean `name`? [unknown_key]"
    )


def test_a_name_is_given_once_in_a_project_and_again_in_another() -> None:
    [problem] = problems(WEB + WEB)
    assert (problem.code, problem.line, "line 2" in problem.words) == (Code.DUPLICATE, 5, True)
    assert problems(WEB, others={"tools": WEB}) == ()


def test_two_services_share_a_domain_by_different_routes() -> None:
    """D63 and D64: in the reference one of the two wins, and only the first route counts."""
    api = WEB.replace("web", "api") + DOMAIN + 'routes = ["/api", "/v2"]\n'
    assert problems(WEB + DOMAIN + api) == ()
    [problem] = problems(WEB + DOMAIN + 'routes = ["/", "/v2"]\n' + api)
    assert (problem.code, "shop/api" in problem.words) == (Code.DUPLICATE, True)


def test_a_circle_of_dependencies_is_printed() -> None:
    """D28: in the reference services that wait for each other are started in some order."""

    def waits(name: str, other: str) -> str:
        return f'[[service]]\nname = "{name}"\nimage = "a"\ndepends_on = ["{other}"]\n'

    text = waits("c", "a") + waits("a", "b") + waits("b", "c") + waits("d", "a") + waits("x", "x")
    found = problems(text)
    assert [each.code for each in found] == [Code.CYCLE, Code.CYCLE]
    assert "shop/a → shop/b → shop/c → shop/a" in found[0].words
    assert "shop/x → shop/x" in found[1].words


def test_a_node_is_named_by_its_whole_name() -> None:
    """D30: the reference takes any node whose name contains the text, or its own machine."""
    [problem] = problems(WEB + 'placement.node = "qua"\n', cluster=FINE)
    assert problem.code is Code.UNKNOWN_NAME
    assert service(WEB).placement.node is None


def test_nothing_of_a_node_is_mounted_unless_the_cluster_allows_it() -> None:
    """D48: in the reference whoever may deploy may read every file of the machine."""
    mount = '[[service.mounts]]\nhost = "{}"\npath = "/a"\n'
    for host in ("/etc", "/srv", "/srv/mediathek", "/srv/media/../x"):
        [problem] = problems(WEB + mount.format(host), cluster=FINE)
        assert problem.code is Code.MOUNT_FORBIDDEN
    for host in ("/srv/media", "/srv/media/films"):
        assert problems(WEB + mount.format(host), cluster=FINE) == ()
    [problem] = problems(WEB + mount.format("/srv/media"))
    assert problem.code is Code.MOUNT_FORBIDDEN


def test_two_nodes_have_two_names() -> None:
    node = b'[[node]]\nname = "quay"\naddress = "10.0.0.1"\n'
    [problem] = problems(cluster=CLUSTER + node + node)
    assert (problem.code, problem.key) == (Code.DUPLICATE, "node[1].name")


@pytest.mark.parametrize(
    ("added", "code", "line", "key"),
    [
        ('nodes = ["quai"]', Code.UNKNOWN_NAME, 6, "edge.nodes[0]"),
        ("nodes = []", Code.OUT_OF_BOUNDS, 6, "edge.nodes"),
        ('trusted = ["10.0.0.1/8"]', Code.MALFORMED, 6, "edge.trusted[0]"),
        ('trusted = ["10.0.0.0/99"]', Code.MALFORMED, 6, "edge.trusted[0]"),
        ('trusted = ["house"]', Code.MALFORMED, 6, "edge.trusted[0]"),
        ("http_port = 8443\nhttps_port = 8443", Code.CONTRADICTION, 7, "edge.https_port"),
        ("http_port = 6883", Code.CONTRADICTION, 6, "edge.http_port"),
        ("htp_port = 80", Code.UNKNOWN_KEY, 6, "edge.htp_port"),
        ('[certificates]\ndirectory = "http://a.example"', Code.MALFORMED, 7, "directory"),
        ('[certificates]\nbrought = "certificates"', Code.MALFORMED, 7, "brought"),
    ],
)
def test_an_edge_that_cannot_be_is_refused_with_its_line(
    added: str, code: Code, line: int, key: str
) -> None:
    node = b'[[node]]\nname = "quay"\naddress = "10.0.0.1"\n[edge]\n'
    [problem] = problems(cluster=b"cluster.name = 'harbour'\n" + node + added.encode())
    assert (problem.file, problem.code) == ("cluster.toml", code)
    assert problem.line == line
    assert problem.key.endswith(key)


def test_a_secret_in_a_build_is_refused_where_it_stands() -> None:
    """It would stay in the image, for everybody who has that."""
    text = '[[service]]\nname = "web"\nbuild.args = { OK = "$${x}", KEY = "a ${secrets.KEY}" }\n'
    [problem] = problems(text)
    assert (problem.code, problem.line) == (Code.SECRET_IN_BUILD, 3)
    assert problem.key.endswith("build.args.KEY")
