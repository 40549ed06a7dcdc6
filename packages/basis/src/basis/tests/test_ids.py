import os
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from basis.ids import CODE_ALPHABET, hash_capability, is_id, new_capability, new_code, new_id


def test_each_id_is_greater_than_the_one_before() -> None:
    ids = [new_id() for _ in range(10_000)]
    assert ids == sorted(set(ids))


def test_an_id_is_a_uuid_of_version_7() -> None:
    parsed = UUID(new_id())
    assert parsed.version == 7
    assert parsed.variant == "specified in RFC 4122"


def test_threads_never_make_the_same_id() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: new_id(), range(20_000)))
    assert len(set(made)) == 20_000


def test_a_process_that_was_split_off_makes_other_ids() -> None:
    new_id()  # leaves random bits over, which both processes would take
    end, other_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(other_end, new_id()[-12:].encode())
        os._exit(0)
    ours = new_id()[-12:]
    os.waitpid(child, 0)
    assert os.read(end, 12).decode() != ours


def test_only_the_canonical_spelling_is_an_id() -> None:
    one = new_id()
    assert is_id(one)
    for odd in (one.upper(), f"{{{one}}}", one.replace("-", ""), "", "x", f"{one} "):
        assert not is_id(odd)


def test_a_code_has_no_letters_that_are_misheard() -> None:
    assert set(new_code(2_000)) <= set(CODE_ALPHABET)


def test_a_capability_is_long_and_only_its_hash_is_kept() -> None:
    capability = new_capability()
    assert len(capability) >= 22
    assert capability not in hash_capability(capability)
    assert hash_capability(capability) == hash_capability(capability)
