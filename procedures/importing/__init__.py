"""Reading forms of other programs into procedure files.

`source` reads the file, a plug-in of `formats` makes a `model.Form` of it, `writer` a procedure file; whatever could
not be carried over is a `model.Note`.
"""

from procedures.importing.convert import Imported, Order, convert
from procedures.importing.model import Note, NotImported

__all__ = ["Imported", "NotImported", "Note", "Order", "convert"]
