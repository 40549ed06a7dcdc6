"""Letters to people: kept in the transaction that made them necessary, sent as soon as possible."""

from kitchenasty.notices.letters import Action, Attachment, Head, Letter, Sender, compose
from kitchenasty.notices.mail_room import MailNotTaken, MailRoom, NoMailServer, send_test
from kitchenasty.notices.memory import MemoryPost
from kitchenasty.notices.port import Post, PostAway, PostRefused
from kitchenasty.notices.postman import Postman, Writer
from kitchenasty.notices.server import MAIL, load_smtp
from kitchenasty.notices.service import (
    Notice,
    NoticeNotFound,
    Tally,
    count_notices,
    forget_old_notices,
    list_figures,
    list_notices,
    send_again,
    send_notice,
)
from kitchenasty.notices.smtp import SmtpPost, sender_of
from kitchenasty.notices.states import NoticeState

__all__ = [
    "MAIL",
    "Action",
    "Attachment",
    "Head",
    "Letter",
    "MailNotTaken",
    "MailRoom",
    "MemoryPost",
    "NoMailServer",
    "Notice",
    "NoticeNotFound",
    "NoticeState",
    "Post",
    "PostAway",
    "PostRefused",
    "Postman",
    "Sender",
    "SmtpPost",
    "Tally",
    "Writer",
    "compose",
    "count_notices",
    "forget_old_notices",
    "list_figures",
    "list_notices",
    "load_smtp",
    "send_again",
    "send_notice",
    "send_test",
    "sender_of",
]
