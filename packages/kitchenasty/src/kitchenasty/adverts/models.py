"""What guests said about advertising, and what they were told of it: rows that are only added."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, choice
from kitchenasty.adverts.states import Place, Said, Way
from kitchenasty.kit.tables import Record


class AdvertWordRow(Record):
    """`recipient` is an address, a number with its country, or an account. `wording` is what stood
    there when it was said. It counts since `counts_at`: an agreement when the letter that asks was
    answered, a purchase when the food was handed over.
    """

    __tablename__ = "advert_words"
    __table_args__ = (
        Index("ix_advert_words_recipient", "recipient"),
        Index("ix_advert_words_customer_id", "customer_id"),
        Index("ix_advert_words_order_id", "order_id"),
        Index("ix_advert_words_expires_at", "expires_at"),
    )

    way: Mapped[Way] = mapped_column(choice(Way))
    recipient: Mapped[str] = mapped_column(String(254))
    customer_id: Mapped[Id | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    order_id: Mapped[Id | None] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    said: Mapped[Said] = mapped_column(choice(Said))
    place: Mapped[Place] = mapped_column(choice(Place))
    wording: Mapped[str] = mapped_column(String(500))
    said_at: Mapped[datetime]
    counts_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
