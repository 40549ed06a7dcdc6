"""What guests say about a house: one review for each order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, choice
from kitchenasty.kit.tables import Record
from kitchenasty.reviews.states import ReviewState

WITHOUT_ORDER = "order_id IS NULL"


class ReviewRow(Record):
    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        Index("ix_reviews_house_id_state_rating", "house_id", "state", "rating"),
        Index("ix_reviews_created_at_id", "created_at", "id"),
        Index("ix_reviews_customer_id", "customer_id"),
        Index(
            "uq_reviews_without_order",
            "house_id",
            "customer_id",
            unique=True,
            sqlite_where=text(WITHOUT_ORDER),
            postgresql_where=text(WITHOUT_ORDER),
        ),
    )

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id"))
    order_id: Mapped[Id | None] = mapped_column(ForeignKey("orders.id"), unique=True)
    customer_id: Mapped[Id | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    author_name: Mapped[str] = mapped_column(String(120))
    rating: Mapped[int]
    body: Mapped[str | None] = mapped_column(String(2000))
    state: Mapped[ReviewState] = mapped_column(choice(ReviewState))
    reply: Mapped[str | None] = mapped_column(String(1000))
    replied_by: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
