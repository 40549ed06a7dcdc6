"""From other tools' files to a project, with a report of everything that was not carried over."""

from orca.importing.compose import Imported, NotCompose, import_compose
from orca.importing.notes import Note
from orca.importing.writing import AlreadyThere, write_project

__all__ = ["AlreadyThere", "Imported", "NotCompose", "Note", "import_compose", "write_project"]
