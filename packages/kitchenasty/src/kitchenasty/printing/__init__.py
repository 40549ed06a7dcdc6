"""Docket printers: what is to be printed comes out at least once, and a second one says so."""

from kitchenasty.printing.print_room import PrintRoom
from kitchenasty.printing.queries import (
    Printer,
    PrinterNotFound,
    Printout,
    count_waiting,
    list_printers,
    list_printouts,
    load_printer,
)
from kitchenasty.printing.service import (
    BODY_LENGTH_MAX,
    NoPrinter,
    PrinterChanged,
    PrinterDraft,
    PrinterRefused,
    StillWaiting,
    add_printer,
    change_printer,
    print_again,
    print_at,
    print_text,
    remove_printer,
)
from kitchenasty.printing.states import PrintoutState, Trouble

__all__ = [
    "BODY_LENGTH_MAX",
    "NoPrinter",
    "PrintRoom",
    "Printer",
    "PrinterChanged",
    "PrinterDraft",
    "PrinterNotFound",
    "PrinterRefused",
    "Printout",
    "PrintoutState",
    "StillWaiting",
    "Trouble",
    "add_printer",
    "change_printer",
    "count_waiting",
    "list_printers",
    "list_printouts",
    "load_printer",
    "print_again",
    "print_at",
    "print_text",
    "remove_printer",
]
