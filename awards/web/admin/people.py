"""Staff: who there is, which roles they hold, and a way in for somebody new."""

from starlette.requests import Request
from starlette.responses import Response
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from awards.accounts.actions import add_person, grant_role, withdraw_role
from awards.accounts.actions import make_link as make_sign_in_link
from awards.accounts.queries import find_person_by_id, list_people
from awards.actor import Role
from awards.campaigns.queries import list_campaigns
from awards.errors import Refused
from awards.i18n import language, mark
from awards.i18n import translate as _
from awards.web.csrf import own_origin
from awards.web.errors import status_of
from awards.web.forms import Form, options, said
from awards.web.forms import lazy as _l
from awards.web.guards import staff
from awards.web.render import page, see_other
from awards.web.sessions import actor

UNKNOWN_ROLE = mark("There is no such role or campaign. Please choose again.")


class PersonForm(Form):
    """Somebody new."""

    name = StringField(_l("Name"), [InputRequired(), Length(min=2, max=60)])


class RoleForm(Form):
    """A role, for one campaign or for all."""

    role = SelectField(
        _l("Role"), [InputRequired()], choices=options((role.value, role.value) for role in Role)
    )
    campaign = SelectField(_l("Campaign"), choices=[], coerce=int)


@staff(Role.ADMIN, everywhere=True)
async def index(request: Request) -> Response:
    """Everybody with an account."""
    return await _shown(request, PersonForm())


@staff(Role.ADMIN, everywhere=True)
async def create(request: Request) -> Response:
    """Add somebody; they get roles and a sign-in link next."""
    form = PersonForm(await request.form())
    if not form.validate():
        return await _shown(request, form, status=422)
    try:
        someone = await add_person(by=actor(request), name=form.name.data or "")
    except Refused as refused:
        form.blame(refused)
        return await _shown(request, form, status=status_of(refused))
    return see_other(
        request, "admin:people", said=_("{name} has been added.").format(name=someone.name)
    )


@staff(Role.ADMIN, everywhere=True)
async def grant(request: Request) -> Response:
    """Give a role."""
    form = await _role_form(request)
    if not form.validate():
        return await _shown(request, PersonForm(), refusal=_(UNKNOWN_ROLE), status=422)
    await grant_role(
        by=actor(request),
        person=request.path_params["id"],
        role=Role(form.role.data),
        campaign=form.campaign.data or None,
    )
    return see_other(request, "admin:people", said=_("The role has been given."))


@staff(Role.ADMIN, everywhere=True)
async def withdraw(request: Request) -> Response:
    """Take a role back."""
    form = await _role_form(request)
    if not form.validate():
        return await _shown(request, PersonForm(), refusal=_(UNKNOWN_ROLE), status=422)
    try:
        await withdraw_role(
            by=actor(request),
            person=request.path_params["id"],
            role=Role(form.role.data),
            campaign=form.campaign.data or None,
        )
    except Refused as refused:
        return await _shown(request, PersonForm(), refusal=said(refused), status=status_of(refused))
    return see_other(request, "admin:people", said=_("The role has been taken back."))


@staff(Role.ADMIN, everywhere=True)
async def make_link(request: Request) -> Response:
    """A one-time link, shown once."""
    someone = await find_person_by_id(request.path_params["id"])
    secret = await make_sign_in_link(by=actor(request), name=someone.name)
    address = f"{own_origin(request)}{request.app.url_path_for('account:link', secret=secret)}"
    return page(request, "admin/people/link.html", someone=someone, address=address)


async def _role_form(request: Request) -> RoleForm:
    form = RoleForm(await request.form())
    form.campaign.choices = await _campaign_choices()
    return form


async def _campaign_choices() -> list[tuple[int, str]]:
    campaigns = await list_campaigns()
    return [
        (0, _("All campaigns")),
        *((each.id, each.title.best(language())[0]) for each in campaigns),
    ]


async def _shown(
    request: Request, form: PersonForm, *, refusal: str = "", status: int = 200
) -> Response:
    choices = await _campaign_choices()
    return page(
        request, "admin/people/index.html", people=await list_people(), form=form, roles=list(Role),
        campaigns=choices, campaign_names=dict(choices), refusal=refusal, status=status,
    )  # fmt: skip
