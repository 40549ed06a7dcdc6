"""How often one address or one person may ask for what."""

from __future__ import annotations

from basis.kit.limits import Policy

# Behind one address sit two kitchen screens, the till, the office and the guests' own phones.
GENERAL_PER_ADDRESS = Policy("general-address", burst=1_200, interval_seconds=0.02, is_general=True)
GENERAL_PER_PRINCIPAL = Policy(
    "general-principal", burst=600, interval_seconds=0.05, is_general=True
)
# Ten guesses, then one in six minutes: a thousand tries in an hour are twenty checked ones.
SIGN_IN_PER_ACCOUNT = Policy("sign-in-account", burst=10, interval_seconds=360)
SIGN_IN_PER_ADDRESS = Policy("sign-in-address", burst=60, interval_seconds=30)
# Of a million codes three are right at a time: whoever knows the password already finds one in
# six years of guessing so.
SECOND_FACTOR_PER_ACCOUNT = Policy("second-factor-account", burst=5, interval_seconds=600)
REGISTER_PER_ADDRESS = Policy("register-address", burst=20, interval_seconds=60)
RECOVER_PER_ADDRESS = Policy("recover-address", burst=20, interval_seconds=60)
# Anybody can have us write to anybody: three letters, then one in ten minutes.
LETTERS_PER_MAILBOX = Policy("letters-mailbox", burst=3, interval_seconds=600)
PLACE_ORDER_PER_ADDRESS = Policy(
    "place-order-address", burst=60, interval_seconds=3, is_general=True
)
# A family tries a few evenings; whoever takes table after table is not one.
RESERVE_PER_ADDRESS = Policy("reserve-address", burst=20, interval_seconds=60)
# A guest who agrees is asked by a letter or a text, which costs money.
ADVERTS_PER_ACCOUNT = Policy("adverts-account", burst=12, interval_seconds=600)
# Each asks the provider of a sign-in; a guest who mistypes there comes a few times.
ELSEWHERE_PER_ADDRESS = Policy("elsewhere-address", burst=30, interval_seconds=10)
# Thirty wrong codes, then one in ten seconds: 390 in an hour. Of the codes that we make up, one is
# found so in more than a hundred million years.
COUPON_GUESS_PER_ADDRESS = Policy("coupon-guess-address", burst=30, interval_seconds=10)
# Whether PayPal sent a message is asked of PayPal: nobody makes us ask all day.
FORGED_MESSAGE_PER_ADDRESS = Policy("forged-message-address", burst=60, interval_seconds=10)
# Nobody finds a gift card by trying, but whoever tries shall not load the house either.
GIFT_CARD_GUESS_PER_ADDRESS = Policy("gift-card-guess-address", burst=20, interval_seconds=30)
# Each asks a provider; a guest whose card is declined tries a few times.
PAY_PER_ADDRESS = Policy("pay-address", burst=60, interval_seconds=3)
# Whoever has lost a key tries it for a while; each try reads the books.
KEY_GUESS_PER_ADDRESS = Policy("key-guess-address", burst=20, interval_seconds=30)
# A whole house of guests answers once each; nobody fills the log of answers.
CONSENT_PER_ADDRESS = Policy("consent-address", burst=60, interval_seconds=30)
# A whole house of guests has its phones told; nobody makes us call all day.
FOLLOW_PER_ADDRESS = Policy("follow-address", burst=60, interval_seconds=10)
SET_UP_PER_ADDRESS = Policy("set-up-address", burst=5, interval_seconds=60)
