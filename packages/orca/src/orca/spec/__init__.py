"""What a cluster and its services are, as people write it in TOML."""

from orca.spec.checks import (
    Declared,
    check_against,
    dependencies_of,
    domains_of,
    forbidden_mounts,
    nearest,
)
from orca.spec.folders import load_project
from orca.spec.gpus import numbered
from orca.spec.images import by_digest, is_digest, may_mean
from orca.spec.names import LABEL, SECRET_NAME, VALUE_BYTES_MAX
from orca.spec.problems import Code, Problem, SpecRefused
from orca.spec.project import Project, read_project
from orca.spec.quantities import bytes_of, milli_of
from orca.spec.schema import schema_of, schema_text
from orca.spec.settings import Setting, changed_settings
from orca.spec.templates import SecretMissing, fill, secrets_in
from orca.spec.types import (
    AMD_FIRST,
    Build,
    Cluster,
    ClusterFile,
    Device,
    Edge,
    Gpu,
    Machine,
    Mailing,
    Mount,
    Mounts,
    Notify,
    Placement,
    Probe,
    RateLimit,
    Resources,
    Rollout,
    Service,
    ServiceFile,
    Signing,
    Volume,
)

__all__ = [
    "AMD_FIRST", "LABEL", "SECRET_NAME", "VALUE_BYTES_MAX", "Build", "Cluster", "ClusterFile",
    "Code", "Declared", "Device", "Edge", "Gpu", "Machine", "Mailing", "Mount", "Mounts", "Notify",
    "Placement", "Probe", "Problem", "Project", "RateLimit", "Resources", "Rollout",
    "SecretMissing", "Service", "ServiceFile", "Setting", "Signing", "SpecRefused", "Volume",
    "by_digest", "bytes_of", "changed_settings", "check_against", "dependencies_of", "domains_of",
    "fill", "forbidden_mounts", "is_digest", "load_project", "may_mean", "milli_of", "nearest",
    "numbered", "read_project", "schema_of", "schema_text", "secrets_in",
]  # fmt: skip
