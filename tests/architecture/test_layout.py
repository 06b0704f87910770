"""The house rules that can be read from the source: rooms, floors, purity, clocks, sizes."""

import ast
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["portal", "deployments", "kpis", "reviews"]
TOP = {
    "manage.py",
    "pyproject.toml",
    "README.md",
    "portal",
    "deployments",
    "kpis",
    "reviews",
    "templates",
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
    "environment": 0,
    "celery": 0,
    "embedded": 0,
    "domain": 1,
    "tenancy": 2,
    "models": 3,
    "migrations": 3,
    "queries": 3,
    "spreadsheet": 3,
    "charts": 3,
    "chart_data": 4,
    "pdf": 4,
    "evidence": 5,
    "present": 5,
    "present_readiness": 5,
    "present_kpi": 5,
    "setup": 5,
    "entry": 5,
    "present_ledger": 5,
    "actions": 6,
    "forms": 7,
    "api": 8,
    "tasks": 9,
    "accounts": 9,
    "demo": 9,
    "access": 8.5,
    "views": 10,
    "templatetags": 10,
    "middleware": 10,
    "management": 11,
    "urls": 11,
    "wsgi": 11,
    "settings": 11,
    "apps": 11,
}
PURE = {"scipy", "numpy", "yaml", *sys.stdlib_module_names}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("timezone", "now")}
EDGES = {"views", "tasks", "management", "middleware", "embedded", "demo"}


# What commands make; everything else in the folder is source, whether or not git is present.
GENERATED = {".git", ".venv", ".plumbline", ".cache", "staticfiles", "screenshots", "__pycache__"}
GENERATED |= {".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"}


def sources():
    found = []
    for folder, inside, names in os.walk(ROOT):
        inside[:] = [name for name in inside if name not in GENERATED]
        found += [Path(folder, name).relative_to(ROOT) for name in names if name.endswith(".py")]
    return sorted(found)


def code(*, tests=False):
    return [
        path
        for path in sources()
        if path.parts[0] in ROOMS + (["tests"] if tests else []) and "migrations" not in path.parts
    ]


def tree(path):
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def imports(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def floor(module):
    parts = module.split(".")
    return FLOORS.get(parts[1]) if len(parts) > 1 else None


def module_of(path):
    return ".".join(path.with_suffix("").parts)


def test_every_module_has_a_floor():
    lost = [str(path) for path in code() if len(path.parts) > 2 and floor(module_of(path)) is None]
    assert lost == []


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
            if name.split(".")[0] in ROOMS and own is not None:
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
    assert readers == {"kpis/domain/catalogue.py", "kpis/domain/policy.py"}


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
    found = {path.name for path in ROOT.iterdir()} - GENERATED
    assert found - TOP == set()
