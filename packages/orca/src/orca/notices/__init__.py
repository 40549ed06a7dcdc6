"""Whoever runs the cluster is told what goes wrong: by webhook and by mail."""

from orca.notices.noticing import Known, Noticer, look
from orca.notices.posting import Message, Poster
from orca.notices.troubles import Notice, Trouble, troubles_in

__all__ = ["Known", "Message", "Notice", "Noticer", "Poster", "Trouble", "look", "troubles_in"]
