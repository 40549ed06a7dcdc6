"""Between a node and the control plane: who vouches for whom, how a node joins, what is said."""

from orca.link.authority import (
    CONTROL,
    Authority,
    Pair,
    Stranger,
    calling,
    fingerprint_of,
    is_due,
    make_key,
    name_in,
    pem_of,
    request_for,
)
from orca.link.joining import (
    JoinRefused,
    JoinToken,
    Membership,
    NobodyThere,
    hash_of,
    join,
    read_token,
)
from orca.link.messages import (
    BEAT_SECONDS,
    BYTES_MAX,
    SILENCE_SECONDS_MAX,
    Answer,
    Discard,
    Env,
    FromNode,
    Heard,
    Hello,
    Obeyed,
    Question,
    Renew,
    Renewed,
    Reported,
    Seek,
    ToNode,
    ToRoute,
    ToRun,
    encode,
    read_from_node,
    read_to_node,
)

__all__ = [
    "BEAT_SECONDS", "BYTES_MAX", "CONTROL", "SILENCE_SECONDS_MAX", "Answer", "Authority", "Discard",
    "Env", "FromNode", "Heard", "Hello", "JoinRefused", "JoinToken", "Membership", "NobodyThere",
    "Obeyed", "Pair", "Question", "Renew", "Renewed", "Reported", "Seek", "Stranger", "ToNode",
    "ToRoute", "ToRun", "calling", "encode", "fingerprint_of", "hash_of", "is_due", "join",
    "make_key", "name_in", "pem_of", "read_from_node", "read_to_node", "read_token", "request_for",
]  # fmt: skip
