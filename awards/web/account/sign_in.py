"""Signing in: with name, password and code, or with a one-time link that the operator printed."""

from starlette.requests import Request
from starlette.responses import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from awards.accounts.actions import end_session, sign_in
from awards.accounts.actions import use_link as use_sign_in_link
from awards.errors import Refused, TooMany, Unproven
from awards.web.errors import status_of
from awards.web.forms import Form
from awards.web.forms import lazy as _l
from awards.web.guards import source
from awards.web.render import go, own_path, page, see_other
from awards.web.sessions import actor, drop_cookie, person, set_cookie


class SignInForm(Form):
    """Name, password, and the code of one's app."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=60)])
    password = PasswordField(_l("Password"), [InputRequired(), Length(max=200)])
    code = StringField(_l("Code of your app"), [InputRequired(), Length(max=12)])


async def show(request: Request) -> Response:
    """The form."""
    back = own_path(request.query_params.get("back", "/"))
    return page(request, "account/sign_in/show.html", form=SignInForm(), back=back)


async def create(request: Request) -> Response:
    """Sign in, or say that the three do not fit together, without saying which."""
    sent = await request.form()
    form, back = SignInForm(sent), own_path(str(sent.get("back", "/")))
    if not form.validate():
        return page(request, "account/sign_in/show.html", form=form, back=back, status=422)
    try:
        secret = await sign_in(
            request.app.state.codes, name=form.name.data or "", password=form.password.data or "",
            code=form.code.data or "", source=source(request),
        )  # fmt: skip
    except (Unproven, TooMany) as refused:
        form.blame(refused)
        return page(
            request, "account/sign_in/show.html", form=form, back=back, status=status_of(refused)
        )
    return await _welcome(request, secret, back if back != "/" else "")


async def link(request: Request) -> Response:
    """One button: mail scanners that open links must not use them up."""
    return page(request, "account/sign_in/link.html", secret=request.path_params["secret"])


async def use_link(request: Request) -> Response:
    """Sign in with the link."""
    try:
        secret = await use_sign_in_link(secret=request.path_params["secret"])
    except Refused as refused:
        form = SignInForm()
        form.blame(refused)
        return page(
            request, "account/sign_in/show.html", form=form, back="/", status=status_of(refused)
        )
    return await _welcome(request, secret, str(request.app.url_path_for("account:credential")))


async def _welcome(request: Request, secret: str, target: str) -> Response:
    """A new session in this browser, in place of the one before."""
    await _leave(request)
    response = go(request, target or str(request.app.url_path_for("account:home")))
    set_cookie(response, "session", secret, request.app.state.config)
    return response


async def end(request: Request) -> Response:
    """Sign out on this device."""
    await _leave(request)
    response = see_other(request, "site:home")
    drop_cookie(response, "session", request.app.state.config)
    return response


async def _leave(request: Request) -> None:
    if signed_in := person(request):
        await end_session(by=actor(request), session=signed_in.session)
