"""What our migrations need beyond Tortoise's own operations, on both engines.

Tortoise leaves `Meta.constraints` out of the table without a word, so guards are SQL here, and
`tests/test_schema.py` lists them as each database reports them.
"""

from pathlib import Path
from typing import Any

from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State

PACKAGE = Path(__file__).parent


class CreateGuarded(ops.CreateModel):
    """`CreateModel`, with CHECKs in the table from the start: SQLite can't add one later without a
    rebuild.
    """

    def __init__(self, *, checks: dict[str, str], **model: Any) -> None:
        super().__init__(**model)
        self.checks = checks

    async def database_forward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        if state_editor is None:
            return
        guards = [f"CONSTRAINT {name} CHECK ({rule})" for name, rule in self.checks.items()]
        own = state_editor._get_inner_statements
        editor: Any = state_editor  # its hook for table constraints is typed as a method
        editor._get_inner_statements = lambda: [*own(), *guards]
        try:
            await super().database_forward(app_label, old_state, new_state, state_editor)
        finally:
            editor._get_inner_statements = own


class AddGuarded(ops.AddField):
    """`AddField`, as our SQL: only so can a table that has rows get a column with a default and a
    CHECK.
    """

    reversible = False

    def __init__(self, *, table: str, column: str, **field: Any) -> None:
        super().__init__(**field)
        self.table = table
        self.column = column

    async def database_forward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        if state_editor is None:
            return
        statement = f"ALTER TABLE {self.table} ADD COLUMN {self.column}"
        await state_editor.client.execute_query(statement)


class RunFile(ops.TortoiseOperation):
    """Run `<folder>/<dialect>.sql` of this package: statements end with a semicolon and an empty
    line.
    """

    reversible = False

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def describe(self) -> str:
        return f"Run {self.folder}"

    async def database_forward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        if state_editor is None:
            return
        text = (PACKAGE / self.folder / f"{state_editor.DIALECT}.sql").read_text()
        for statement in text.split(";\n\n"):
            await state_editor.client.execute_query(statement.rstrip("; \n"))
