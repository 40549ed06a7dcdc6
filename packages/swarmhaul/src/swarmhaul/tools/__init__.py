"""What programs that think may do here: each tool says what it takes, what it gives, and whether it
changes anything.
"""

from swarmhaul.tools.calling import call_tool
from swarmhaul.tools.catalogue import TOOLS, describe_tools
from swarmhaul.tools.tool import Tool

__all__ = ["TOOLS", "Tool", "call_tool", "describe_tools"]
