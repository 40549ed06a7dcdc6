from __future__ import annotations

import pytest

from kitchenasty.settings.sealing import CannotUnseal, seal, unseal


def test_a_sealed_text_opens_for_its_own_name_and_secret_only() -> None:
    sealed = seal("a" * 40, "payment.one", "text")
    assert unseal("a" * 40, "payment.one", sealed) == "text"
    assert seal("a" * 40, "payment.one", "text") != sealed
    for secret, name in (("b" * 40, "payment.one"), ("a" * 40, "payment.two")):
        with pytest.raises(CannotUnseal):
            unseal(secret, name, sealed)
