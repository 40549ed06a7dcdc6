"""Who may say what letters say: whoever manages every house, since all of them write so."""

from __future__ import annotations

from kitchenasty.tests.access_rows import ALL_HOUSES, CUSTOMERS, EVERYBODY, OWNERS

LETTERS = {
    "POST /admin/letters/again": ALL_HOUSES,
    "POST /admin/letters/{notice_id:str}/elsewhere": ALL_HOUSES,
    "GET /admin/letters/wordings": ALL_HOUSES,
    "GET /admin/letters/wordings/{key:str}": ALL_HOUSES,
    "POST /admin/letters/wordings/{key:str}": ALL_HOUSES,
    "POST /admin/letters/wordings/{key:str}/check": ALL_HOUSES,
    "GET /admin/letters/wordings/{key:str}/letter.html": ALL_HOUSES,
    "POST /admin/letters/wordings/{key:str}/letter.html": ALL_HOUSES,
    "POST /admin/letters/wordings/{key:str}/test": ALL_HOUSES,
    "POST /admin/letters/wordings/{key:str}/standard": ALL_HOUSES,
    "POST /admin/letters/wordings/{key:str}/restore": ALL_HOUSES,
    # Whoever has the link of a letter; an invented one is not found.
    "GET /u/{token:str}": EVERYBODY,
    "POST /u/{token:str}": EVERYBODY,
    "POST /u/{token:str}/undo": EVERYBODY,
    "GET /agree/{token:str}": EVERYBODY,
    "POST /agree/{token:str}": EVERYBODY,
    "GET /admin/settings/adverts": OWNERS,
    "POST /admin/settings/adverts": OWNERS,
    "GET /account/adverts": CUSTOMERS,
    "POST /account/adverts": CUSTOMERS,
}
LETTER_BODIES: dict[str, dict[str, object]] = {
    "POST /account/adverts": {"way": "PUSH"},
    "POST /admin/letters/wordings/{key:str}": {
        "language": "en_GB",
        "seen": "0",
        "subject": "Taken over",
        "body": "Taken over",
    },
}
