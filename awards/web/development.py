"""Pages that exist on a developer's machine alone."""

from starlette.requests import Request
from starlette.responses import Response
from wtforms import BooleanField, FileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from awards.notifications.queries import list_letters
from awards.web.forms import Form, options
from awards.web.render import page


class SampleForm(Form):
    """A field of each kind, for the page of components."""

    line = StringField("One line", [InputRequired(), Length(max=40)])
    story = TextAreaField("Story", [Length(min=20, max=300)])
    category = SelectField(
        "Award", choices=options([("helping", "Helping others"), ("bravery", "Bravery")])
    )
    relation = RadioField(
        "How you know them", choices=options([("neighbour", "Neighbour"), ("work", "Work")])
    )
    pledge = BooleanField("It is all true")
    photos = FileField("Photos")


async def outbox(request: Request) -> Response:
    """The latest letters, as their readers get them."""
    return page(request, "dev/outbox.html", letters=await list_letters())


async def components(request: Request) -> Response:
    """Every component in every state; the form has two mistakes."""
    form = SampleForm(data={"story": "Too short", "relation": "neighbour"})
    form.validate()
    return page(request, "dev/components.html", form=form)
