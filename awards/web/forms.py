"""HTML forms: WTForms that speak the page's language."""

from collections.abc import Iterable
from typing import Any

from starlette.datastructures import FormData
from wtforms import FileField, IntegerField, SelectMultipleField
from wtforms import Form as WTForm
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.i18n import get_translations
from wtforms.widgets import CheckboxInput, ListWidget

from awards.errors import Refused
from awards.i18n import language, translate
from awards.i18n import mark as _
from awards.nominations.rules.texts import without_strays

NOT_WHOLE = "Not a valid integer value."
"""WTForms’ sentence; ours stands below."""
PHRASES = {
    "This field is required.": _("Nothing is here yet."),
    "Field must be at least %(min)d characters long.": _(
        "Please write %(min)d characters or more."
    ),
    "Field cannot be longer than %(max)d characters.": _("Please keep to %(max)d characters."),
    "Field must be between %(min)d and %(max)d characters long.": _(
        "Please write %(min)d to %(max)d characters."
    ),
    "Number must be at least %(min)s.": _("Please give a number from %(min)s up."),
    "Number must be at most %(max)s.": _("Please give a number up to %(max)s."),
    "Number must be between %(min)s and %(max)s.": _(
        "Please give a number from %(min)s to %(max)s."
    ),
    "Not a valid choice.": _("Please choose one of these."),
    "Not a valid datetime value.": _("Please give a day and a time."),
    "Not a valid date value.": _("Please give a day, as in 2026-11-24."),
    NOT_WHOLE: _("Please write a whole number."),
}
"""What the forms' own checks say, in our words."""
LARGEST = 10**9


class Lazy:
    """A message that is translated when it is shown: labels are written once, at import."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __str__(self) -> str:
        return translate(self.message)

    def __mod__(self, values: Any) -> str:
        return str(str(self) % values)


def lazy(message: str) -> Any:
    """Name a message of a form for the catalogue (imported as `_l`)."""
    return Lazy(message)


def options(pairs: Iterable[tuple[str, object]]) -> Any:
    """Choices of a select, radio or checkbox field: value and label; labels may be lazy."""
    return [SelectChoice(value=value, label=label) for value, label in pairs]


class WholeNumberField(IntegerField):
    """A whole number that every column can hold. WTForms can't even compare the longest."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and abs(self.data) > LARGEST:
            self.data = None
            raise ValueError(self.gettext(NOT_WHOLE))


class ChoicesField(SelectMultipleField):
    """Several of a few, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Phrases:
    """The sentences of the forms' own checks: ours, else those that WTForms brings."""

    def __init__(self, others: Any) -> None:
        self.others = others

    def gettext(self, text: str) -> str:
        ours = PHRASES.get(text)
        return translate(ours) if ours else str(self.others.gettext(text))

    def ngettext(self, one: str, many: str, count: int) -> str:
        ours = PHRASES.get(many)
        return translate(ours) if ours else str(self.others.ngettext(one, many, count))


class Form(WTForm):
    """A form that keeps what was typed and can be told why an action refused."""

    class Meta:
        def get_translations(self, form: "Form") -> Phrases:
            return Phrases(get_translations(self.locales))

        @property
        def locales(self) -> list[str]:
            return ["en"] if language() == "en" else ["zh_Hans"]

        def wrap_formdata(self, form: "Form", formdata: Any) -> FormData | None:
            """Text for fields of text and files for fields of files, whatever was sent; and no
            sign that no text needs: it would turn around what is read beside it.
            """
            if formdata is None:
                return None
            return FormData(
                [
                    (name, without_strays(value) if isinstance(value, str) else value)
                    for name, value in formdata.multi_items()
                    if isinstance(value, str) != _takes_files(form, name)
                ]
            )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusals: list[Refused] = []

    def blame(self, refused: Refused) -> None:
        """Show the refusal at its field, or above the form when it has none."""
        if refused.field in self:
            errors = list(self[refused.field].errors)
            self[refused.field].errors = [*errors, said(refused)]
        else:
            self.refusals.append(refused)

    @property
    def form_errors_said(self) -> list[str]:
        """What is wrong with the whole, in the page's language."""
        return [said(each) for each in self.refusals]


def _takes_files(form: Form, name: str) -> bool:
    return name in form and isinstance(form[name], FileField)


def said(refused: Refused) -> str:
    """The refusal's sentence in the page's language, its places filled."""
    return translate(refused.message).format(**refused.values)
