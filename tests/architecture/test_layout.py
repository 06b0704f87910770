"""The house rules that can be read from the source: rooms, floors, purity, clocks, sizes."""

import ast
import re
import sys

import pytest

from tests.architecture.sources import (
    GENERATED,
    ROOMS,
    ROOT,
    code,
    imports,
    module_of,
    modules_of,
    tree,
)

TOP = {
    "manage.py",
    "pyproject.toml",
    "README.md",
    "portal",
    "deployments",
    "kpis",
    "reviews",
    "templates",
    "locale",
    "tests",
    "bin",
    "docs",
    ".ci",
    "uv.lock",
    ".gitignore",
    ".git-blame-ignore-revs",
    "CHANGELOG.md",
    "LICENSE",
}
# Floors of a room from the ground up; a module imports only from its own floor or below.
FLOORS = {
    "domain": 1,
    "models": 3,
    "queries": 4,
    "evidence": 5,
    "actions": 6,
    "presenters": 7,
    "forms": 8,
    "api": 9,
    "connectors": 9,
    "tasks": 10,
    "views": 11,
    "urls": 12,
}
# What Django or one room alone has, by the floor on which it stands.
BESIDE = {
    "environment": 0,
    "celery": 0,
    "embedded": 0,
    "tenancy": 2,
    "migrations": 3,
    "snapshot": 5.5,
    "access": 6.5,
    "accounts": 10,
    "demo": 10,
    "templatetags": 11,
    "middleware": 11,
    "management": 12,
    "gunicorn": 12,
    "wsgi": 12,
    "settings": 12,
    "apps": 12,
}
OF_ONE_ROOM = {
    "portal": {
        "environment",
        "celery",
        "embedded",
        "tenancy",
        "access",
        "accounts",
        "middleware",
        "gunicorn",
        "wsgi",
        "settings",
    },
    "reviews": {"snapshot", "demo"},
}
OF_EVERY_ROOM = {"migrations", "management", "apps", "templatetags"}
# Floors that no other room looks into.
PRIVATE = {"forms", "tasks", "views", "urls"}
NAMES_THAT_SAY_NOTHING = {"setup", "present", "services", "helpers", "utils", "common", "core"}
PURE = {"scipy", "numpy", "yaml", *sys.stdlib_module_names}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("timezone", "now")}
EDGES = {"views", "tasks", "management", "middleware", "embedded", "demo"}


def floor(module):
    parts = module.split(".")
    return {**FLOORS, **BESIDE}.get(parts[1]) if len(parts) > 1 else None


def test_every_module_stands_on_a_floor_of_its_room():
    lost = [
        str(path)
        for path in code()
        for name in [module_of(path).split(".")[1]]
        if name != "__init__"
        and name not in {*FLOORS, *OF_EVERY_ROOM, *OF_ONE_ROOM.get(path.parts[0], ())}
    ]
    assert lost == []


def test_a_module_is_named_by_a_noun():
    wrong = [
        str(path)
        for path in code(tests=True)
        if NAMES_THAT_SAY_NOTHING & {*path.parts, path.stem}
        or (path.stem == "views" and path.parts[0] in ROOMS)
    ]
    assert wrong == []


def test_no_room_looks_into_the_upper_floors_of_another():
    wrong = [
        (str(path), name)
        for path in code()
        if path.parts[:2] != ("reviews", "demo") and "management" not in path.parts
        for name in imports(path)
        if name.split(".")[0] in ROOMS
        and name.split(".")[0] != path.parts[0]
        and PRIVATE & set(name.split(".")[1:2])
    ]
    assert wrong == []


def test_a_room_imports_only_rooms_to_its_left():
    wrong = [
        (str(path), name)
        for path in code()
        for name in imports(path)
        if name.split(".")[0] in ROOMS
        and ROOMS.index(name.split(".")[0]) > ROOMS.index(path.parts[0])
    ]
    assert wrong == []


def test_a_floor_imports_nothing_from_above():
    wrong = []
    for path in code():
        own = floor(module_of(path))
        for name in imports(path):
            if name.split(".")[0] == path.parts[0] and own is not None:
                other = floor(name)
                if other is not None and other > own:
                    wrong.append((str(path), name))
    assert wrong == ALLOWED_UPWARD


# The check of the catalogue reads the models it guards; the scope names one for the type checker.
ALLOWED_UPWARD = [
    ("portal/tenancy/check.py", "portal.models.owned"),
    ("portal/tenancy/scope.py", "portal.models"),
]


def test_domain_is_pure():
    wrong = [
        (str(path), name)
        for path in code()
        if "domain" in path.parts
        for name in imports(path)
        if name.split(".")[0] not in PURE and ".domain" not in name
    ]
    assert wrong == []


def test_yaml_is_read_for_catalogue_and_policy_only():
    readers = {str(path) for path in code() if "domain" in path.parts and "yaml" in imports(path)}
    assert readers == {"kpis/domain/catalogue/loading.py", "kpis/domain/policy.py"}


def test_time_is_read_at_the_edges_only():
    wrong = []
    for path in code():
        if EDGES & set(path.parts) or path.stem in EDGES:
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                name = getattr(owner, "attr", getattr(owner, "id", ""))
                if (name, node.func.attr) in CLOCKS and path.stem != "access":
                    wrong.append((str(path), node.lineno))
    assert wrong == []


def test_actions_are_keyword_only():
    wrong = []
    for path in code():
        if "actions" not in path.parts:
            continue
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                names = [argument.arg for argument in node.args.args]
                writes = any(one.arg == "by" for one in (*node.args.kwonlyargs, *node.args.args))
                if writes and names:
                    wrong.append((str(path), node.name, names))
    assert wrong == []


def test_settings_of_the_database_are_local():
    wrong = [
        str(path)
        for path in code()
        if "SET app." in (ROOT / path).read_text() or "set_config(" in (ROOT / path).read_text()
    ]
    assert wrong == []


def test_no_signals_and_no_stray_output():
    wrong = []
    for path in code():
        text = (ROOT / path).read_text()
        if "django.dispatch" in text or "django.db.models.signals" in text:
            wrong.append((str(path), "signal"))
        if {"management", "embedded", "demo"} & set(path.parts):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print":
                wrong.append((str(path), "print"))
    assert wrong == []


@pytest.mark.parametrize("path", code(tests=True), ids=str)
def test_a_file_can_be_read_at_one_sight(path):
    assert (ROOT / path).read_text().count("\n") <= 520


def test_nothing_else_stands_at_the_top():
    names = {path.name for path in ROOT.iterdir()} - GENERATED
    assert names - TOP == set()


def test_helpers_are_never_imported_from_a_test_or_a_conftest():
    borrowed = [
        (str(path), module)
        for path in code(tests=True)
        for node in ast.walk(tree(path))
        for module in modules_of(node)
        if module.startswith("tests.") and re.search(r"\.(test_\w+|conftest)(\.|$)", module)
    ]
    assert borrowed == []
