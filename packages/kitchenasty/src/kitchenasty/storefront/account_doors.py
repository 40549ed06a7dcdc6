"""The doors behind a guest's account, and what guests say."""

from kitchenasty.storefront.gift_card_pages import GiftCardBalancePages
from kitchenasty.storefront.history_pages import HistoryPages
from kitchenasty.storefront.points_pages import PointsPages
from kitchenasty.storefront.review_pages import GuestReviewPages

DOORS = (HistoryPages, PointsPages, GiftCardBalancePages, GuestReviewPages)
