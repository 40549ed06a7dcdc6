"""The Model Context Protocol, in the words of its official SDK: which tools there are, and what
came of a call.
"""

from swarmhaul.protocol.schemas import (
    Arguments,
    ArgumentsUnfit,
    hints,
    read_arguments,
    schema_of,
)
from swarmhaul.protocol.servers import NAME, Answer, NoSuchTool, Shelf, server_of

__all__ = [
    "NAME", "Answer", "Arguments", "ArgumentsUnfit", "NoSuchTool", "Shelf", "hints",
    "read_arguments", "schema_of", "server_of",
]  # fmt: skip
