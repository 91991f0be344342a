"""Proving an address, signing in, and saying who may do what."""

from awards.accounts.actions.codes import (
    CodeDesk,
    check_code,
    check_link,
    send_code,
    text_code,
)
from awards.accounts.actions.credentials import make_link, set_credential, sign_in, use_link
from awards.accounts.actions.expiry import forget_expired
from awards.accounts.actions.people import add_person, grant_role, withdraw_role
from awards.accounts.actions.sessions import end_session, keep_session
from awards.accounts.actions.work import forget_work, spend_work

__all__ = [
    "CodeDesk",
    "add_person",
    "check_code",
    "check_link",
    "end_session",
    "forget_expired",
    "forget_work",
    "grant_role",
    "keep_session",
    "make_link",
    "send_code",
    "set_credential",
    "sign_in",
    "spend_work",
    "text_code",
    "use_link",
    "withdraw_role",
]
