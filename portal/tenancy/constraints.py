"""Tenancy declared in `Meta.constraints`, so that migrations write it and models show it."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import BaseConstraint, Model


class TableRule(BaseConstraint):
    """A rule of the database about a whole table; nothing to validate in Python."""

    def sql(self, model: type[Model], quote: Any) -> str:
        raise TypeError(f"{type(self).__name__} does not say what it creates")

    def undo_sql(self, model: type[Model], quote: Any) -> str:
        raise TypeError(f"{type(self).__name__} does not say how it is removed")

    def constraint_sql(  # type: ignore[override]
        self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> None:
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def create_sql(  # type: ignore[override]
        self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Any:
        return self.sql(model, schema_editor.quote_name)

    def remove_sql(  # type: ignore[override]
        self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Any:
        return self.undo_sql(model, schema_editor.quote_name)

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database checks; a form cannot."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((type(self), self.name))


class TenantIsolation(TableRule):
    """Primary key led by the organization, forced row-level security, one policy.

    `refers=False` spares tables of millions of rows the look-up of the organization row by row;
    the statements that write them join with a table that has it.
    """

    def __init__(
        self, *, refers: bool = True, name: str = "%(class)s_isolation", **kwargs: Any
    ) -> None:
        self.refers = refers
        super().__init__(name=name, **kwargs)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, tuple(args), kwargs if self.refers else {**kwargs, "refers": False}

    def sql(self, model: type[Model], quote: Any) -> str:
        table, policy = quote(model._meta.db_table), quote(self.name)
        return "; ".join(
            [
                *self._primary_key(model, quote),
                # Before the isolation is forced: afterwards the owner sees no rows to check.
                *self._reference(model, quote),
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
                f"CREATE POLICY {policy} ON {table} "
                "USING (organization_id = current_organization()) "
                "WITH CHECK (organization_id = current_organization())",
            ]
        )

    def _reference(self, model: type[Model], quote: Any) -> list[str]:
        if not self.refers:
            return []
        return [
            f"ALTER TABLE {quote(model._meta.db_table)} "
            f"ADD CONSTRAINT {self._owner_key(model, quote)} "
            "FOREIGN KEY (organization_id) REFERENCES portal_organization (id) "
            "DEFERRABLE INITIALLY DEFERRED"
        ]

    def _owner_key(self, model: type[Model], quote: Any) -> str:
        return str(quote(f"{model._meta.db_table}_organization"))

    def _primary_key(self, model: type[Model], quote: Any) -> list[str]:
        if model._meta.pk is not None and model._meta.pk.name != "id":
            return []
        table = quote(model._meta.db_table)
        key = quote(f"{model._meta.db_table}_pkey")
        return [
            f"ALTER TABLE {table} DROP CONSTRAINT {key}",
            f"ALTER TABLE {table} ADD CONSTRAINT {key} PRIMARY KEY (organization_id, id)",
        ]

    def undo_sql(self, model: type[Model], quote: Any) -> str:
        table = quote(model._meta.db_table)
        reference = f"; ALTER TABLE {table} DROP CONSTRAINT {self._owner_key(model, quote)}"
        return (
            f"DROP POLICY {quote(self.name)} ON {table}; "
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; "
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY" + (reference if self.refers else "")
        )


class SameOrganization(TableRule):
    """Composite foreign key: the row pointed at belongs to the same organization."""

    def __init__(self, field: str, *, name: str = "", **kwargs: Any) -> None:
        self.field = field
        super().__init__(name=name or f"%(class)s_{field}_organization", **kwargs)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, _args, kwargs = super().deconstruct()
        return path, (self.field,), kwargs

    def sql(self, model: type[Model], quote: Any) -> str:
        field = model._meta.get_field(self.field)
        table = quote(model._meta.db_table)
        target = quote(field.related_model._meta.db_table)  # type: ignore[union-attr]
        tables = sorted({table, target})
        # Rows already there are checked as the owner, who sees none while isolation is forced.
        return "; ".join(
            [
                *(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY" for name in tables),
                f"ALTER TABLE {table} ADD CONSTRAINT {quote(self.name)} "
                f"FOREIGN KEY (organization_id, {quote(field.column)}) "  # type: ignore[union-attr]
                f"REFERENCES {target} (organization_id, id) DEFERRABLE INITIALLY DEFERRED",
                *(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY" for name in tables),
            ]
        )

    def undo_sql(self, model: type[Model], quote: Any) -> str:
        table = quote(model._meta.db_table)
        return f"ALTER TABLE {table} DROP CONSTRAINT {quote(self.name)}"


class AppendOnly(TableRule):
    """Rows are added and read; change and removal are refused, whoever asks."""

    def __init__(self, *, name: str = "%(class)s_append_only", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)

    def sql(self, model: type[Model], quote: Any) -> str:
        table, trigger = quote(model._meta.db_table), quote(self.name)
        return (
            f"CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change(); "
            f"REVOKE UPDATE, DELETE ON {table} FROM plumbline_app"
        )

    def undo_sql(self, model: type[Model], quote: Any) -> str:
        table = quote(model._meta.db_table)
        return (
            f"DROP TRIGGER {quote(self.name)} ON {table}; "
            f"GRANT UPDATE, DELETE ON {table} TO plumbline_app"
        )


class OrganizationStays(TableRule):
    """A row never moves to another organization, not even by the owner of the tables."""

    def __init__(self, *, name: str = "%(class)s_organization_stays", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)

    def sql(self, model: type[Model], quote: Any) -> str:
        return (
            f"CREATE TRIGGER {quote(self.name)} BEFORE UPDATE OF organization_id "
            f"ON {quote(model._meta.db_table)} FOR EACH ROW "
            "WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id) "
            "EXECUTE FUNCTION refuse_change()"
        )

    def undo_sql(self, model: type[Model], quote: Any) -> str:
        return f"DROP TRIGGER {quote(self.name)} ON {quote(model._meta.db_table)}"
