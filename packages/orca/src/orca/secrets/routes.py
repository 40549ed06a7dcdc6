"""Doors of the secrets: they take values and give names. No door gives a value."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, Stamp, ok, stamp
from orca.access import Role
from orca.api import AnyRequest, needs
from orca.secrets.scopes import scope_of
from orca.secrets.vault import SecretLine, Vault
from orca.spec import VALUE_BYTES_MAX

ProjectQuery = Annotated[str | None, QueryParameter(name="project", max_length=40)]


Named = Annotated[str, PathParameter(max_length=100)]


class SecretWish(msgspec.Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A value to be sealed."""

    value: Annotated[str, Meta(min_length=1, max_length=VALUE_BYTES_MAX)]

    def __repr__(self) -> str:
        return "SecretWish(***)"


class SecretView(msgspec.Struct, kw_only=True, rename="camel"):
    """A secret, without its value. Without `project` it is the cluster's."""

    project: str | None
    name: str
    version: int
    set_at: Stamp


class VersionView(msgspec.Struct, kw_only=True, rename="camel"):
    version: int


class TurnedView(msgspec.Struct, kw_only=True, rename="camel"):
    """How many were sealed anew."""

    turned: int


class SecretsApi(ApiController):
    path = "/api/v1/secrets"
    tags = ["Secrets"]

    @get("/", opt=needs(Role.DEPLOYER), operation_id="ListSecrets")
    async def list_secrets(self, request: AnyRequest) -> Envelope[list[SecretView]]:
        """Names and versions; values are shown to nobody."""
        return ok([view_of(line) for line in await vault_of(request).list_all()])

    @put("/{name:str}", opt=needs(Role.DEPLOYER, takes_secret=True), operation_id="SetSecret")
    async def set_secret(
        self,
        request: AnyRequest,
        name: Named,
        data: JSONBody[SecretWish],
        project: ProjectQuery = None,
    ) -> Envelope[VersionView]:
        """A new version. What runs keeps the old one until it is deployed anew."""
        version = await vault_of(request).put(
            scope_of(project), name, data.value.encode("utf-8", "surrogatepass")
        )
        return ok(VersionView(version=version))

    @delete("/{name:str}", opt=needs(Role.DEPLOYER), operation_id="RemoveSecret", status_code=200)
    async def remove_secret(
        self, request: AnyRequest, name: Named, project: ProjectQuery = None
    ) -> Envelope[VersionView]:
        """Gone; a deploy that needs it fails and names it."""
        return ok(VersionView(version=await vault_of(request).remove(scope_of(project), name)))

    @post("/rotations", opt=needs(Role.ADMIN), operation_id="RotateKey", status_code=200)
    async def rotate_key(self, request: AnyRequest) -> Envelope[TurnedView]:
        """A new key; every secret sealed with it; the old key forgotten."""
        return ok(TurnedView(turned=await vault_of(request).rotate_key()))


def vault_of(request: AnyRequest) -> Vault:
    vault: Vault = request.app.state.vault
    return vault


def view_of(line: SecretLine) -> SecretView:
    return SecretView(
        project=line.project, name=line.name, version=line.version, set_at=stamp(line.set_at)
    )
