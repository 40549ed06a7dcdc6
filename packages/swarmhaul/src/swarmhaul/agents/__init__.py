"""Agents: who they are, which parts of a job they bid for, and what makes up their mind."""

from swarmhaul.agents.doors import Doors
from swarmhaul.agents.living import Agent, Life, live
from swarmhaul.agents.offers import Errand, Offer, propose
from swarmhaul.agents.parts import Part, parts_of
from swarmhaul.agents.profiles import Profile, ProfileUnfit, Vehicle, read_profile
from swarmhaul.agents.reasoning import ModelReasoner, Purse, Reasoner, RuleReasoner

__all__ = [
    "Agent",
    "Doors",
    "Errand",
    "Life",
    "ModelReasoner",
    "Offer",
    "Part",
    "Profile",
    "ProfileUnfit",
    "Purse",
    "Reasoner",
    "RuleReasoner",
    "Vehicle",
    "live",
    "parts_of",
    "propose",
    "read_profile",
]
