"""Choosing one's password and setting up the app that shows codes."""

import io

import pyotp
import segno
from itsdangerous import URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from awards.accounts.actions import set_credential
from awards.errors import Refused
from awards.i18n import translate as _
from awards.signing import BadSignature, serializer
from awards.web.errors import status_of
from awards.web.forms import Form
from awards.web.forms import lazy as _l
from awards.web.guards import staff
from awards.web.render import page, see_other
from awards.web.sessions import actor, person

HOUR = 3600


class CredentialForm(Form):
    """A password twice, and the first code of the app."""

    offer = HiddenField()
    password = PasswordField(_l("New password"), [InputRequired(), Length(max=200)])
    again = PasswordField(
        _l("The same once more"),
        [InputRequired(), EqualTo("password", _l("The two passwords differ."))],
    )
    code = StringField(_l("Code of your app"), [InputRequired(), Length(max=12)])


@staff()
async def edit(request: Request) -> Response:
    """A new secret for the app, as a picture and in letters; it counts only once a
    code was typed.
    """
    secret = pyotp.random_base32()
    form = CredentialForm(data={"offer": _offers(request).dumps(secret)})
    return _shown(request, form, secret)


@staff()
async def save(request: Request) -> Response:
    """Keep both, or say what is wrong."""
    form = CredentialForm(await request.form())
    try:
        secret = str(_offers(request).loads(form.offer.data or "", max_age=HOUR))
    except BadSignature:
        return see_other(
            request, "account:credential", said=_("That took over an hour; here is a new secret.")
        )
    if not form.validate():
        return _shown(request, form, secret, status=422)
    signed_in = person(request)
    try:
        await set_credential(
            by=actor(request),
            password=form.password.data or "",
            totp_secret=secret,
            code=form.code.data or "",
            session=signed_in.session if signed_in else None,
        )
    except Refused as refused:
        form.blame(refused)
        return _shown(request, form, secret, status=status_of(refused))
    return see_other(request, "account:home", said=_("Your password and your app are set up."))


def _shown(request: Request, form: CredentialForm, secret: str, *, status: int = 200) -> Response:
    frame = request.scope["state"]["frame"]
    address = pyotp.TOTP(secret).provisioning_uri(
        name=actor(request).name, issuer_name=frame.site.name.zh
    )
    picture = io.BytesIO()
    segno.make(address).save(
        picture, kind="svg", scale=5, border=2, xmldecl=False, svgclass=None, lineclass=None
    )
    return page(
        request, "account/credential/edit.html", form=form, secret=secret,
        qr=picture.getvalue().decode(), status=status,
    )  # fmt: skip


def _offers(request: Request) -> URLSafeTimedSerializer:
    return serializer(request.app.state.config.signing_keys, f"totp.{actor(request).person}")
