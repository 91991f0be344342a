"""People who sign in, what they may do, and how they prove who they are."""

from uuid import UUID, uuid4

from tortoise import Model, fields


class Person(Model):
    """Somebody with an account. Voters have none: a voter is a tag."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=60, unique=True)
    language = fields.CharField(max_length=10, default="zh-Hans")
    created_at = fields.DatetimeField()
    disabled_at = fields.DatetimeField(null=True)

    grants: fields.ReverseRelation["RoleGrant"]
    credential: fields.BackwardOneToOneRelation["Credential"]

    links: fields.ReverseRelation["SignInLink"]
    sessions: fields.ReverseRelation["Session"]

    class Meta:
        table = "person"


class RoleGrant(Model):
    """A role within one campaign, or everywhere when `campaign` is 0."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person_id: UUID
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "awards.Person", related_name="grants", db_index=True
    )
    role = fields.CharField(max_length=20)
    campaign = fields.IntField(default=0)
    granted_at = fields.DatetimeField()

    class Meta:
        table = "role_grant"
        unique_together = (("person", "role", "campaign"),)


class Credential(Model):
    """Password and one-time codes of a member of staff."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person_id: UUID
    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "awards.Person", related_name="credential"
    )
    password_hash = fields.CharField(max_length=200)
    totp_secret = fields.CharField(max_length=64)
    totp_last_step = fields.BigIntField(default=0)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "credential"


class SignInLink(Model):
    """A one-time link that an operator printed. Only its digest is kept."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person_id: UUID
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "awards.Person", related_name="links", db_index=True
    )
    digest = fields.BinaryField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "sign_in_link"


class Session(Model):
    """A browser that signed in. The cookie holds 256 random bits, the row their SHA-256."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    digest = fields.BinaryField()
    person_id: UUID
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "awards.Person", related_name="sessions", db_index=True
    )
    created_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()

    class Meta:
        table = "session"


class EmailCode(Model):
    """A code and a link sent to prove an address for one purpose: an e-mail address, or a phone
    number in E.164, which gets no link. The row goes when it is used or ten minutes old.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    purpose = fields.CharField(max_length=80)
    address = fields.CharField(max_length=254)
    code_digest = fields.BinaryField()
    link_digest = fields.BinaryField()
    tries = fields.IntField(default=0)
    expires_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "email_code"
        unique_together = (("purpose", "address"),)
