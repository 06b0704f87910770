"""Judge evidence from a file: one JSON record per case, no database."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError

from kpis.domain.verdict import BadEvidence, judge, resolve_all


class Command(BaseCommand):
    help = "Judge the cases of a YAML or JSON file and print one JSON record per case."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="-", help="a file, or - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["file"]
        shown = "standard input" if name == "-" else name
        refused = []
        for case_name, case in resolve_all(cases_of(parse(_read(name, shown), shown), shown)):
            try:
                if isinstance(case, BadEvidence):
                    raise case
                self.stdout.write(json.dumps(judge(case), ensure_ascii=False))
            except BadEvidence as error:
                refused.append(f"{shown}: case {case_name}: {error}")
        if refused:
            raise CommandError("\n".join(refused))


def _read(name: str, shown: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{shown}: it cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{shown}: byte {error.start} is not UTF-8.") from error


class _Loader(yaml.SafeLoader):
    """Refuses a name that stands twice: one of the two values would be lost in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            if isinstance(key_node, yaml.ScalarNode) and key_node.value != "<<":
                if key_node.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"“{key_node.value}” stands twice", key_node.start_mark
                    )
                seen.add(key_node.value)
        return super().construct_mapping(node, deep)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"“{twice}” stands twice")
    return dict(pairs)


def parse(text: str, shown: str) -> Any:
    """The document in a text, JSON or YAML. Raises CommandError with line and column."""
    if text.lstrip().startswith(("{", "[")):
        try:
            return json.loads(text, object_pairs_hook=_once)
        except json.JSONDecodeError:
            pass  # YAML may begin with a bracket too, and its message has line and column.
        except ValueError as error:
            raise CommandError(f"{shown}: {error}.") from error
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        at = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "somewhere"
        raise CommandError(f"{shown}: {at}: {error.problem}.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise CommandError(f"{shown}: it is neither YAML nor JSON ({error}).") from error


def cases_of(document: Any, shown: str) -> list[Any]:
    """The cases of a document: under “cases”, a list, or one case. Raises CommandError."""
    found = document
    if isinstance(document, Mapping):
        found = document.get("cases", [document])
    if not isinstance(found, list):
        place = "cases: " if isinstance(document, Mapping) else ""
        raise CommandError(f"{shown}: {place}a list of cases or one case is needed.")
    if not found:
        raise CommandError(f"{shown}: it holds no case.")
    return found
