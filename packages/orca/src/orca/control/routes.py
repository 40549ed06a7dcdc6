"""Doors of the control plane: plans, deploys, what people wish of services and nodes, and what
there is to see.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import delete, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, ok
from orca.access import Role
from orca.api import AnyRequest, needs, principal_of
from orca.control.control import Control
from orca.control.deploying import (
    Wished,
    check_contexts,
    deploy_of,
    find_copy,
    lines_of,
    redeploy_of,
)
from orca.control.jobs import Job
from orca.control.nodes import Members
from orca.control.showing import NodeView, ServiceView, node_view, service_view, troubles_of
from orca.planning import (
    Abort,
    Drain,
    Event,
    Lead,
    Promote,
    Resume,
    Rollback,
    Scale,
    State,
    Stop,
    Undrain,
)

Named = Annotated[str, PathParameter(max_length=60)]
FILE_NAME_MAX = 200


class ProjectFiles(msgspec.Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A project as it lies on somebody's disk. Without `services` all of it is meant. `contexts`
    are the SHA-256 of what services are built from, by the services.
    """

    files: Annotated[
        dict[
            Annotated[str, Meta(max_length=FILE_NAME_MAX)], Annotated[str, Meta(max_length=300_000)]
        ],
        Meta(max_length=210),
    ]
    services: Annotated[list[str], Meta(max_length=200)] = []
    contexts: Annotated[
        dict[Annotated[str, Meta(max_length=81)], Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]],
        Meta(max_length=200),
    ] = {}


class PlanLine(msgspec.Struct, kw_only=True, rename="camel"):
    about: str
    change: str
    words: str


class DeployView(msgspec.Struct, kw_only=True, rename="camel"):
    job: str
    lines: list[PlanLine]


class EventView(msgspec.Struct, kw_only=True, rename="camel"):
    number: int
    at: str
    about: str
    words: str


class JobView(msgspec.Struct, kw_only=True, rename="camel"):
    """`events` are those after the number that was asked for, of what the job is about."""

    id: str
    what: str
    outcome: str
    words: list[str]
    events: list[EventView]


class ClusterView(msgspec.Struct, kw_only=True, rename="camel"):
    """`ahead` says in words why nothing is decided, when nodes obey something newer; `troubles` are
    those of nodes, engines, edges and certificates.
    """

    revision: int
    ahead: str
    services: list[ServiceView]
    nodes: list[NodeView]
    troubles: list[str]


class ServiceWish(msgspec.Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """One of: scale (with `replicas`), stop, resume, redeploy, rollback (with or without
    `release`), promote, abort.
    """

    act: Annotated[str, Meta(pattern="^(scale|stop|resume|redeploy|rollback|promote|abort)$")]
    replicas: Annotated[int, Meta(ge=0, le=100)] = 1
    release: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None

    def event_for(self, state: State, service: str) -> Event:
        if self.act == "scale":
            return Scale(service, self.replicas)
        if self.act == "redeploy":
            return redeploy_of(state, service)
        if self.act == "rollback":
            return Rollback(service, self.release)
        plain: dict[str, type[Any]] = {
            "stop": Stop,
            "resume": Resume,
            "promote": Promote,
            "abort": Abort,
        }
        event: Event = plain[self.act](service)
        return event


class NodeWish(msgspec.Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    act: Annotated[str, Meta(pattern="^(drain|undrain)$")]


class CommandWish(msgspec.Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A command in a container: of the copy named, or of the first that runs."""

    command: Annotated[
        list[Annotated[str, Meta(max_length=32_768)]], Meta(min_length=1, max_length=64)
    ]
    copy: Annotated[str, Meta(max_length=120)] | None = None


class OutputView(msgspec.Struct, kw_only=True, rename="camel"):
    copy: str
    code: int
    output: str


class InvitationView(msgspec.Struct, kw_only=True, rename="camel"):
    token: str


class ClusterApi(ApiController):
    path = "/api/v1"
    tags = ["Cluster"]

    @get("/cluster", opt=needs(Role.VIEWER), operation_id="ShowCluster")
    async def show_cluster(self, request: AnyRequest) -> Envelope[ClusterView]:
        """Services with their copies and what they wait for, nodes and when they were heard."""
        control = control_of(request)
        state = control.state
        return ok(
            ClusterView(
                revision=state.revision,
                ahead=state.ahead or "",
                services=[service_view(state.services[name]) for name in sorted(state.services)],
                nodes=[node_view(control, name) for name in sorted(state.nodes)],
                troubles=await troubles_of(state, request.app.state.certificates),
            )
        )

    @post("/plans", opt=needs(Role.DEPLOYER), operation_id="MakePlan", status_code=200)
    async def make_plan(
        self, request: AnyRequest, data: JSONBody[ProjectFiles]
    ) -> Envelope[list[PlanLine]]:
        """What a deploy of these files would do. Nothing is done."""
        control = control_of(request)
        return ok(views_of(control, deploy_of(control, data.files, data.services, data.contexts)))

    @post("/deploys", opt=needs(Role.DEPLOYER), operation_id="Deploy")
    async def deploy(
        self, request: AnyRequest, data: JSONBody[ProjectFiles]
    ) -> Envelope[DeployView]:
        """Begun when this answers; its job says how it goes on. Only an admin brings other
        settings of the cluster.
        """
        control, who = control_of(request), principal_of(request)
        wished = deploy_of(control, data.files, data.services, data.contexts)
        wished.settled.check_role(who.role)
        lines = views_of(control, wished)
        check_contexts(request.app.state.depot.contexts, wished.event)
        await control.check_secrets(wished.event)
        names = [each.id for each in wished.event.services]
        job = control.new_job("deploy", names, who.name)
        await control.tell(wished.event, job=job, settled=wished.settled)
        return ok(DeployView(job=job.id, lines=lines))

    @get("/jobs/{job_id:str}", opt=needs(Role.VIEWER), operation_id="ShowJob")
    async def show_job(
        self,
        request: AnyRequest,
        job_id: Named,
        after: Annotated[int, QueryParameter(ge=0)] = 0,
    ) -> Envelope[JobView]:
        control = control_of(request)
        job = control.load_job(job_id)
        return ok(job_view(control, job, max(after, job.since)))

    @post(
        "/services/{project:str}/{name:str}/acts",
        opt=needs(Role.DEPLOYER),
        operation_id="ActOnService",
    )
    async def act_on_service(
        self, request: AnyRequest, project: Named, name: Named, data: JSONBody[ServiceWish]
    ) -> Envelope[DeployView]:
        control, service = control_of(request), f"{project}/{name}"
        job = control.new_job(data.act, [service], principal_of(request).name)
        await control.tell(data.event_for(control.state, service), job=job)
        return ok(DeployView(job=job.id, lines=[]))

    @get("/services/{project:str}/{name:str}/logs", opt=needs(Role.VIEWER), operation_id="ShowLogs")
    async def show_logs(
        self,
        request: AnyRequest,
        project: Named,
        name: Named,
        tail: Annotated[int, QueryParameter(ge=1, le=10_000)] = 100,
        copy: Annotated[str | None, QueryParameter(max_length=120)] = None,
    ) -> Envelope[OutputView]:
        """The last lines of one container, wherever it runs."""
        control = control_of(request)
        found = find_copy(control.state, f"{project}/{name}", copy)
        answer = await control.links.ask(found.node, found.id, "logs", tail=tail)
        return ok(OutputView(copy=str(found.id), code=0, output=answer.output))

    @post(
        "/services/{project:str}/{name:str}/executions",
        opt=needs(Role.DEPLOYER),
        operation_id="Execute",
    )
    async def execute(
        self, request: AnyRequest, project: Named, name: Named, data: JSONBody[CommandWish]
    ) -> Envelope[OutputView]:
        control = control_of(request)
        found = find_copy(control.state, f"{project}/{name}", data.copy)
        answer = await control.links.ask(found.node, found.id, "execute", command=data.command)
        return ok(OutputView(copy=str(found.id), code=answer.code, output=answer.output))

    @post("/nodes/{node:str}/acts", opt=needs(Role.DEPLOYER), operation_id="ActOnNode")
    async def act_on_node(
        self, request: AnyRequest, node: Named, data: JSONBody[NodeWish]
    ) -> Envelope[DeployView]:
        """What is on it goes elsewhere first, or its job says why it cannot."""
        control = control_of(request)
        job = control.new_job(data.act, [], principal_of(request).name, node=node)
        await control.tell(Drain(node) if data.act == "drain" else Undrain(node), job=job)
        return ok(DeployView(job=job.id, lines=[]))

    @post("/cluster/leads", opt=needs(Role.ADMIN), operation_id="LeadNodes")
    async def lead_nodes(self, request: AnyRequest) -> Envelope[list[str]]:
        """After a restored backup: what is known here counts, and nodes obey it."""
        await control_of(request).tell(Lead())
        return ok([])

    @post("/nodes/{node:str}/leads", opt=needs(Role.ADMIN), operation_id="LeadNode")
    async def lead_node(self, request: AnyRequest, node: Named) -> Envelope[list[str]]:
        """It alone is wrong in what it says, and is told anew, whatever it obeys."""
        await control_of(request).tell(Lead(node))
        return ok([])

    @delete("/nodes/{node:str}", opt=needs(Role.ADMIN), operation_id="ForgetNode", status_code=200)
    async def forget_node(self, request: AnyRequest, node: Named) -> Envelope[list[str]]:
        """It never comes back: its certificate opens nothing any more, its volumes are given up."""
        control, members = control_of(request), members_of(request)
        await members.forget(node)
        await control.dismiss(node)
        return ok([])

    @post("/nodes/{node:str}/invitations", opt=needs(Role.ADMIN), operation_id="InviteNode")
    async def invite_node(self, request: AnyRequest, node: Named) -> Envelope[InvitationView]:
        """A token by which a server becomes the node of this name. Good once, and for a day."""
        return ok(InvitationView(token=str(await members_of(request).invite(node))))


def control_of(request: AnyRequest) -> Control:
    control: Control = request.app.state.control
    return control


def members_of(request: AnyRequest) -> Members:
    members: Members = request.app.state.members
    return members


def views_of(control: Control, wished: Wished) -> list[PlanLine]:
    return [
        PlanLine(about=line.about, change=line.change.value, words=line.words)
        for line in lines_of(control.state, wished)
    ]


def job_view(control: Control, job: Job, after: int) -> JobView:
    events = [
        EventView(number=told.number, at=told.at, about=told.about, words=told.words)
        for number, told in sorted(control.events.items())
        if number > after and told.about in job.about
    ]
    return JobView(
        id=job.id, what=job.what, outcome=job.outcome.value, words=[*job.words], events=events
    )
