"""The office's rules: which there are, how one is made, tried on what happened, and switched on."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError
from basis.kit.http.wire import Form
from basis.kit.texts import whole_in
from kitchenasty import automation, webhooks
from kitchenasty.automation import DAYS_MAX, OUTCOME_WORDS, PRESETS, Engine, KeptRule, Outcome
from kitchenasty.dashboard.automation.form import (
    RuleForm,
    Shown,
    shown_again,
    shown_of,
    written_of,
)
from kitchenasty.dashboard.automation.views import choices_of, placed_mistakes, trace_of
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, back_to, page
from kitchenasty.kit.principals import Principal

HERE = "/admin/rules"
ZONE = "UTC"
RuleId = Annotated[str, PathParameter(max_length=64)]
Line = Annotated[str, msgspec.Meta(max_length=120)]


class NewRuleForm(Form):
    """The number of a preset, or the topic of an empty rule."""

    preset: Line = ""
    topic: Line = ""


class RuleSwitchForm(msgspec.Struct):
    is_on: bool


class RulePages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.MANAGER, every_house=True)

    @get("/")
    async def show_rules(
        self, request: WebRequest, look: Reading, principal: Actor
    ) -> Response[Any]:
        return await show_list(request, look, principal)

    @post("/")
    async def add_rule(
        self, request: WebRequest, principal: Actor, data: URLEncodedBody[NewRuleForm]
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: add(uow, engine_of(request), data),
            lambda look, said: show_list(request, look, principal, refusal=said),
        )

    @get("/{rule_id:str}")
    async def show_rule(
        self, request: WebRequest, look: Reading, principal: Actor, rule_id: RuleId
    ) -> Response[Any]:
        return await show_one(request, look, principal, rule_id)

    @post("/{rule_id:str}")
    async def change_rule(
        self,
        request: WebRequest,
        principal: Actor,
        rule_id: RuleId,
        data: URLEncodedBody[RuleForm],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: change(uow, engine_of(request), rule_id, data),
            lambda look, said: show_one(request, look, principal, rule_id, refusal=said, form=data),
        )

    @post("/{rule_id:str}/check")
    async def check_rule(
        self,
        request: WebRequest,
        look: Reading,
        rule_id: RuleId,
        data: URLEncodedBody[RuleForm],
    ) -> Response[Any]:
        """While it is typed: what is wrong with it, and nothing is kept."""
        rule = await automation.load_rule(look, rule_id)
        engine = engine_of(request)
        written = typed_into(engine, rule.topic, data)
        return page("dashboard/rules/mistakes.html", mistakes=placed_mistakes(engine, written))

    @post("/{rule_id:str}/switch")
    async def switch(
        self,
        request: WebRequest,
        principal: Actor,
        rule_id: RuleId,
        data: URLEncodedBody[RuleSwitchForm],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: turn(uow, engine_of(request), rule_id, is_on=data.is_on),
            lambda look, said: show_one(request, look, principal, rule_id, refusal=said),
        )

    @post("/{rule_id:str}/remove")
    async def remove_rule(self, uow: Work, rule_id: RuleId) -> Response[Any]:
        await automation.remove_rule(uow, rule_id)
        return back_to(f"{HERE}?told=removed")

    @get("/{rule_id:str}/rehearsal")
    async def rehearse_rule(
        self, request: WebRequest, look: Reading, principal: Actor, rule_id: RuleId
    ) -> Response[Any]:
        return await show_rehearsal(request, look, principal, rule_id)


async def add(uow: UnitOfWork, engine: Engine, form: NewRuleForm) -> str:
    number = whole_in(form.preset)
    if number is not None and number < len(PRESETS):
        preset = PRESETS[number]
        rule_id = await automation.add_rule(uow, translate(preset.name), preset.written)
        return f"{HERE}/{rule_id}?told=added"
    if form.topic not in engine.words:
        raise automation.RuleRefused("Choose when this rule is to look.")
    name = translate(engine.words[form.topic])
    rule_id = await automation.add_rule(uow, name, automation.Written(form.topic))
    return f"{HERE}/{rule_id}?told=added"


async def change(uow: UnitOfWork, engine: Engine, rule_id: str, form: RuleForm) -> str:
    rule = await automation.load_rule(uow, rule_id)
    await automation.change_rule(
        uow,
        engine,
        rule_id,
        name=form.name,
        written=typed_into(engine, rule.topic, form),
        seen_version=whole_in(form.version) or 0,
    )
    return f"{HERE}/{rule_id}?told=kept"


def typed_into(engine: Engine, topic: str, form: RuleForm) -> automation.Written:
    return written_of(form, topic, dict(engine.vocabularies.get(topic, {})), engine.kinds)


async def turn(uow: UnitOfWork, engine: Engine, rule_id: str, *, is_on: bool) -> str:
    await automation.switch_rule(uow, engine, rule_id, is_on=is_on)
    return f"{HERE}/{rule_id}?told={'on' if is_on else 'off'}"


async def show_list(
    request: WebRequest, look: Look, principal: Principal, *, refusal: DomainError | None = None
) -> Response[Any]:
    engine = engine_of(request)
    rules = await automation.list_rules(look)
    return office_page(
        "dashboard/rules/list.html",
        request,
        principal,
        refusal=refusal,
        rules=rules,
        whys={rule.id: engine.explain(rule.written) for rule in rules},
        tallies=await automation.tally(look, look.now - timedelta(days=DAYS_MAX)),
        acted=Outcome.ACTED,
        occasions=engine.words,
        topic_choices=[(one.topic, translate(one.words)) for one in engine.occasions],
        presets=PRESETS,
        told=request.query_params.get("told", "") if refusal is None else "",
    )


async def show_one(
    request: WebRequest,
    look: Look,
    principal: Principal,
    rule_id: str,
    *,
    refusal: DomainError | None = None,
    form: RuleForm | None = None,
) -> Response[Any]:
    engine = engine_of(request)
    rule = await automation.load_rule(look, rule_id)
    runs = await automation.list_runs(look, rule_id)
    vocabulary = dict(engine.vocabularies.get(rule.topic, {}))
    written = written_as_far_as_possible(rule)
    typed = written if form is None else typed_into(engine, rule.topic, form)
    by_hand = "hand" in request.query_params
    return office_page(
        "dashboard/rules/rule.html",
        request,
        principal,
        refusal=refusal,
        rule=rule,
        why=engine.explain(rule.written),
        occasion=engine.words.get(rule.topic),
        schedule=engine.schedules.get(rule.topic),
        shown=form_of(rule, written, form, by_hand=by_hand),
        mistakes=placed_mistakes(engine, typed),
        choices=choices_of(engine, rule.topic, await list_programs(look)),
        facts=sorted(vocabulary.values(), key=lambda fact: fact.name),
        runs=[(run, trace_of(engine, run)) for run in runs],
        programs=await list_programs(look),
        outcome_words=OUTCOME_WORDS,
        kinds=engine.kinds,
        zone=ZONE,
        told=request.query_params.get("told", "") if refusal is None else "",
    )


def form_of(
    rule: KeptRule, written: automation.Written, form: RuleForm | None, *, by_hand: bool
) -> Shown:
    if form is not None:
        return shown_again(form)
    return shown_of(rule.name, written, by_hand=by_hand)


def written_as_far_as_possible(rule: KeptRule) -> automation.Written:
    """One that was written by another version of KitchenAsty is shown empty, beside the reason."""
    try:
        return automation.read_document(rule.written)
    except DomainError:
        return automation.Written(rule.topic)


async def show_rehearsal(
    request: WebRequest, look: Look, principal: Principal, rule_id: str
) -> Response[Any]:
    engine = engine_of(request)
    rule = await automation.load_rule(look, rule_id)
    days = min(max(whole_in(request.query_params.get("days", "")) or 7, 1), DAYS_MAX)
    now = await automation.rehearse(look, engine, rule.written, rule.topic, days)
    other = None
    number = rule.version - 1
    if number:
        earlier = await automation.load_version(look, rule_id, number)
        other = await automation.rehearse(look, engine, earlier, rule.topic, days)
    return office_page(
        "dashboard/rules/rehearsal.html",
        request,
        principal,
        rule=rule,
        why=engine.explain(rule.written),
        days=days,
        day_choices=(1, 7, DAYS_MAX),
        rehearsal=now,
        other=other,
        added=[] if other is None else list(automation.only_in(now, other)),
        dropped=[] if other is None else list(automation.only_in(other, now)),
        outcome_words=OUTCOME_WORDS,
        kinds=engine.kinds,
        programs=await list_programs(look),
        zone=ZONE,
    )


async def list_programs(look: Look) -> dict[str, str]:
    """Webhooks as people know them, by id."""
    return {one.id: one.description or one.url for one in await webhooks.list_endpoints(look)}


def engine_of(request: WebRequest) -> Engine:
    engine: Engine = request.app.state.rules
    return engine
