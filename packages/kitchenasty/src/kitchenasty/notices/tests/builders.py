"""A mail server on this machine, for tests of the slices above too."""

from kitchenasty.notices.tests.mail_server import PASSWORD, USER, MailServer, open_mail_server

__all__ = ["PASSWORD", "USER", "MailServer", "open_mail_server"]
