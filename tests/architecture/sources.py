"""The source of the tree: its files, their syntax, what they import."""

import ast
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["portal", "deployments", "kpis", "reviews"]
# What commands make; everything else in the folder is source, whether or not git is present.
GENERATED = {".git", ".venv", ".plumbline", ".cache", "staticfiles", "screenshots", "__pycache__"}
GENERATED |= {".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"}


def sources():
    paths = []
    for folder, inside, names in os.walk(ROOT):
        inside[:] = [name for name in inside if name not in GENERATED]
        paths += [Path(folder, name).relative_to(ROOT) for name in names if name.endswith(".py")]
    return sorted(paths)


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


def module_of(path):
    return ".".join(path.with_suffix("").parts)


def modules_of(node):
    """Dotted names of what a statement imports, modules taken from a package among them."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []
