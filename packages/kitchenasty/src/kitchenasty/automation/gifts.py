"""What a rule gives to a guest: a coupon with a code of its own, for one order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from basis.sentences import word
from kitchenasty import promotions
from kitchenasty.automation.channels import Channel
from kitchenasty.automation.engine import Deed, Doing
from kitchenasty.automation.letters import write_advert
from kitchenasty.automation.rules import Role, StepKind, TextField
from kitchenasty.automation.steps import BODY, SUBJECT, house_of, send_letter
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.notices import Letter, Sender

KIND = "rules.coupon"
PERCENT = TextField("percent", word("Percent off"), Channel.LINE, 3, whole=(1, 100))
DAYS = TextField("days", word("Days it holds"), Channel.LINE, 3, whole=(1, 365))
PERCENT_MILLIONTHS = 10_000


async def give_coupon(uow: UnitOfWork, doing: Doing) -> None:
    """Made and sent in one: the code is nobody's but the letter's, and is in no trace. Raises
    NoServer, EmailRefused, HouseUnknown.
    """
    house = await house_of(uow, doing)
    texts = doing.planned.texts
    last_day = uow.now.astimezone(ZoneInfo(house.zone)).date() + timedelta(days=int(texts["days"]))
    draft = promotions.CouponDraft(
        code="",
        type=promotions.CouponType.PERCENTAGE,
        currency=house.currency,
        house_id=house.id,
        rate_millionths=int(texts["percent"]) * PERCENT_MILLIONTHS,
        uses_max=1,
        ends=promotions.wall_of(last_day.isoformat(), house.zone, is_end=True),
    )
    coupon = await promotions.add_coupon(uow, draft)
    await send_letter(uow, doing, KIND, {"coupon_id": coupon.id})


async def write_gift(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """The owner's words, then the code: it is there to make somebody buy, so it advertises.
    Nothing if guest or coupon are gone.
    """
    letter = await write_advert(uow, facts, sender)
    try:
        coupon = await promotions.load_coupon(uow, facts["coupon_id"])
    except promotions.CouponNotFound:
        return None
    if letter is None:
        return None
    rows = (
        (translate(CODE), coupon.code),
        (translate(UNTIL), promotions.last_day_of(coupon.ends) or ""),
    )
    return replace(letter, rows=rows)


CODE, UNTIL = word("Your code, for one order"), word("It holds until")
COUPON = Deed(
    StepKind(
        "coupon",
        word("Give a coupon, by mail"),
        (PERCENT, DAYS, SUBJECT, BODY),
        frozenset({Role.GUEST}),
        "house.id",
        advertises=True,
    ),
    give_coupon,
)
WRITERS = {KIND: write_gift}
