"""The papers of one nomination: what is asked, and what is wrong with an answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol, Self

from awards.errors import Invalid, Refused
from awards.i18n import mark as _
from awards.nominations.rules.contacts import normal_contact
from awards.nominations.rules.texts import name_objection

KINDS = ("person", "couple", "family", "group", "organisation")
RELATIONS = ("neighbour", "colleague", "helped", "family", "workplace", "self", "other")
MOST_PHOTOS = 6
CODE_LENGTH = 26
MOST_HONOURS = 10
ADULT = 18


@dataclass(frozen=True)
class Limits:
    """How long each text may be, in characters. English needs more of them for the same words."""

    one_liner: int = 40
    summary_least: int = 50
    summary: int = 500
    story: int = 6000
    occupation: int = 60
    employer: int = 80
    honours: int = 1500


class Named(Protocol):
    """Anything with a short name."""

    slug: str


@dataclass(frozen=True)
class Choices:
    """What this campaign has to choose from: the short names of its categories and regions."""

    categories: frozenset[str]
    regions: frozenset[str]

    @classmethod
    def of(cls, categories: Iterable[Named], regions: Iterable[Named]) -> Self:
        """From the campaign's rows."""
        return cls(
            frozenset(each.slug for each in categories), frozenset(each.slug for each in regions)
        )


@dataclass(frozen=True)
class Links:
    """Addresses for letters, with places `{code}` and `{token}`."""

    nomination: str
    consent: str


@dataclass(frozen=True)
class Papers:
    """One nomination as its nominator wrote it, cleaned."""

    category: str = ""
    kind: str = ""
    name: str = ""
    gender: str = ""
    birth_month: str = ""
    region: str = ""
    occupation: str = ""
    employer: str = ""
    one_liner: str = ""
    summary: str = ""
    story: str = ""
    past_honours: str = ""
    nominee_contact: str = ""
    nominator_name: str = ""
    nominator_contact: str = ""
    relation: str = ""
    pledge: bool = False


def limits_for(language: str) -> Limits:
    """The limits for texts in this language."""
    return Limits(one_liner=140, summary=1200) if language == "en" else Limits()


def papers_objections(
    papers: Papers, choices: Choices, *, language: str, today: date
) -> list[Refused]:
    """Everything that is wrong, in the order of the page: each objection names its field."""
    found = (
        *_about_whom(papers, choices, today),
        *_about_the_deed(papers, limits_for(language)),
        *_about_the_nominator(papers),
    )
    return [objection for objection in found if objection]


def photos_objection(count: int) -> Refused | None:
    """Why there can't be so many photos, or None."""
    if count <= MOST_PHOTOS:
        return None
    return Invalid(
        "photos.too_many",
        _("There are {count} photos, at most {most}. Please take off {over}."),
        field="photos", count=count, most=MOST_PHOTOS, over=count - MOST_PHOTOS,
    )  # fmt: skip


def contact_of_nominee(papers: Papers) -> str:
    """Where the nominee is asked. Whoever nominates themselves has said it already."""
    if papers.relation == "self":
        return papers.nominee_contact or papers.nominator_contact
    return papers.nominee_contact


def honours_of(text: str) -> list[str]:
    """Earlier honours, one a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def is_minor(birth_month: str, today: date) -> bool:
    """Whether a guardian has to agree. Without a month of birth nobody can say."""
    year, _dash, month = birth_month.partition("-")
    if not (year.isdigit() and month.isdigit()):
        return False
    return (today.year - int(year)) * 12 + today.month - int(month) < ADULT * 12


def _about_whom(papers: Papers, choices: Choices, today: date) -> Iterator[Refused | None]:
    yield _chosen(papers.category, choices.categories, "category", _("Please choose an award."))
    yield _chosen(papers.kind, KINDS, "kind", _("Please say whom you nominate."))
    yield _missing(papers.name, "name", _("Please write the name.")) or name_objection(
        papers.name, "name"
    )
    yield _chosen(papers.gender, ("", "m", "f"), "gender", _("Please choose from the list."))
    yield _month_objection(papers.birth_month, today)
    yield _chosen(papers.region, choices.regions, "region", _("Please choose a region."))
    yield _missing(
        papers.occupation, "occupation", _("Please say what they do for a living or every day.")
    ) or _too_long(papers.occupation, "occupation", Limits.occupation)
    yield _too_long(papers.employer, "employer", Limits.employer)


def _about_the_deed(papers: Papers, limits: Limits) -> Iterator[Refused | None]:
    yield _missing(
        papers.one_liner,
        "one_liner",
        _("Please write one line; it stands on the candidate’s card."),
    ) or _too_long(papers.one_liner, "one_liner", limits.one_liner)
    yield (
        _missing(papers.summary, "summary", _("Please tell in a few sentences what happened."))
        or _too_short(papers.summary, limits.summary_least)
        or _too_long(papers.summary, "summary", limits.summary)
    )
    yield _too_long(papers.story, "story", limits.story)
    yield _honours_objection(papers.past_honours, limits)


def _about_the_nominator(papers: Papers) -> Iterator[Refused | None]:
    yield _chosen(papers.relation, RELATIONS, "relation", _("Please say how you know each other."))
    yield _missing(
        papers.nominator_name, "nominator_name", _("Please write your name; it stays with us.")
    ) or name_objection(papers.nominator_name, "nominator_name")
    yield _missing(
        papers.nominator_contact, "nominator_contact", _("Please say how we can reach you.")
    ) or _contact_objection(papers.nominator_contact, "nominator_contact")
    yield _nominee_contact_objection(papers)
    if not papers.pledge:
        yield Invalid(
            "nomination.pledge",
            _("Please confirm that all of it is true to the best of your knowledge."),
            field="pledge",
        )


def _missing(text: str, field: str, message: str) -> Refused | None:
    return None if text else Invalid("nomination.missing", message, field=field)


def _chosen(
    value: str, known: frozenset[str] | tuple[str, ...], field: str, message: str
) -> Refused | None:
    return None if value in known else Invalid("nomination.choice", message, field=field)


def _too_long(text: str, field: str, most: int) -> Refused | None:
    # By code point, as the counter beside the field and the database count.
    written = len(text)
    if written <= most:
        return None
    return Invalid(
        "nomination.too_long",
        _("At most {most} characters; {written} are written, {over} too many."),
        field=field, most=most, written=written, over=written - most,
    )  # fmt: skip


def _too_short(text: str, least: int) -> Refused | None:
    written = len(text)
    if written >= least:
        return None
    return Invalid(
        "nomination.too_short",
        _(
            "{written} characters are written, {lacking} more are needed. "
            "Add something that you saw yourself."
        ),
        field="summary", written=written, lacking=least - written,
    )  # fmt: skip


def _month_objection(month: str, today: date) -> Refused | None:
    if not month:
        return None
    year, _dash, number = month.partition("-")
    is_month = len(year) == 4 and len(number) == 2 and f"{year}{number}".isascii()
    if not (is_month and f"{year}{number}".isdigit() and 1 <= int(number) <= 12):
        return Invalid(
            "birth_month.invalid",
            _("Please write year and month, for example 1966-05."),
            field="birth_month",
        )
    if not (1890, 1) <= (int(year), int(number)) <= (today.year, today.month):
        return Invalid(
            "birth_month.impossible", _("Nobody was born then. Please look again."),
            field="birth_month",
        )  # fmt: skip
    return None


def _honours_objection(text: str, limits: Limits) -> Refused | None:
    if len(honours_of(text)) > MOST_HONOURS:
        return Invalid(
            "nomination.honours",
            _("At most {most} honours, one a line. Please keep the most important ones."),
            field="past_honours", most=MOST_HONOURS,
        )  # fmt: skip
    return _too_long(text, "past_honours", limits.honours)


def _contact_objection(contact: str, field: str) -> Refused | None:
    try:
        normal_contact(contact, field)
    except Invalid as refused:
        return refused
    return None


def _nominee_contact_objection(papers: Papers) -> Refused | None:
    if not papers.nominee_contact:
        return None
    if no := _contact_objection(papers.nominee_contact, "nominee_contact"):
        return no
    own = _contact_objection(papers.nominator_contact, "nominator_contact") is None
    if papers.relation == "self" or not own:
        return None
    theirs = normal_contact(papers.nominee_contact, "nominee_contact")
    if theirs != normal_contact(papers.nominator_contact, "nominator_contact"):
        return None
    return Invalid(
        "nomination.same_contact",
        _("This is your own. Please leave it empty if you don’t know theirs; we will find them."),
        field="nominee_contact",
    )
