"""The Model Context Protocol, in the words of its official SDK: which tools there are, and what
came of a call.
"""

from swarmhaul.protocol.servers import NAME, Answer, NoSuchTool, Shelf, server_of

__all__ = ["NAME", "Answer", "NoSuchTool", "Shelf", "server_of"]
