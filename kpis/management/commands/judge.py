"""Judge evidence from a file: one JSON record per case, no database."""

import argparse
import io
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError

from kpis.domain.verdict import BadEvidence, judge, resolve_all

SPACE = re.compile(r"\s*")


class Command(BaseCommand):
    help = "Judge the cases of a YAML or JSON file and print one JSON record per case."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="-", help="a file, or - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # the same bytes in every locale
        name = options["file"]
        shown = "standard input" if name == "-" else name
        refused = []
        for case_name, case in resolve_all(cases_of(documents(_read(name, shown), shown), shown)):
            try:
                if isinstance(case, BadEvidence):
                    raise case
                self.stdout.write(json.dumps(judge(case), ensure_ascii=False, allow_nan=False))
            except BadEvidence as error:
                refused.append(f"{shown}: case {case_name}: {error} [{type(error).__name__}]")
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
    """YAML of today (1.2): 1e5 is a number; 010, 1:30 and yes are texts, never other numbers.

    Refuses a name that stands twice: one of the two values would be lost in silence.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            if isinstance(key_node, yaml.ScalarNode) and key_node.value != "<<":
                if key_node.value in seen:
                    raise _refusal(f"“{key_node.value}” stands twice", key_node)
                seen.add(key_node.value)
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except ValueError as error:
            what = "a day of the calendar" if node.tag.endswith("timestamp") else "a number"
            raise _refusal(f"this is not {what} that can be read", node) from error


def _refusal(problem: str, node: yaml.Node) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, problem, node.start_mark)


WORDS = (
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)", "tTfF"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "-+.0123456789",
    ),
    ("null", r"(?:~|null|Null|NULL|)", ["~", "n", "N", ""]),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "0123456789"),
    ("merge", r"<<", "<"),
)
_Loader.yaml_implicit_resolvers = {}
for _kind, _written, _first in WORDS:
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_kind}", re.compile(f"(?:{_written})$"), list(_first)
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise CommandError(f"“{twice}” stands twice")
    return dict(pairs)


def documents(text: str, shown: str) -> list[Any]:
    """All documents in a text, JSON or YAML, without the empty ones.

    Raises CommandError with line and column.
    """
    try:
        found = _json(text) if text.lstrip().startswith(("{", "[")) else None
        return found or [one for one in yaml.load_all(text, Loader=_Loader) if one is not None]
    except CommandError as error:
        raise CommandError(f"{shown}: {error}.") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        at = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "somewhere"
        raise CommandError(f"{shown}: {at}: {error.problem}.") from error
    except yaml.reader.ReaderError as error:
        raise CommandError(f"{shown}: character {error.position + 1} is not text.") from error
    except ValueError as error:
        raise CommandError(f"{shown}: a number in it has thousands of digits.") from error
    except RecursionError as error:
        raise CommandError(f"{shown}: it is nested too deeply to be evidence.") from error


def _json(text: str) -> list[Any] | None:
    """JSON documents one after the other; None where the text is none (YAML may begin so too)."""
    read, found, at = json.JSONDecoder(object_pairs_hook=_once), [], 0
    text = text.strip()
    while at < len(text):
        try:
            one, at = read.raw_decode(text, at)
        except json.JSONDecodeError:
            return None
        found.append(one)
        at = _space(text, at)
    return found


def _space(text: str, at: int) -> int:
    found = SPACE.match(text, at)
    return found.end() if found else at


def cases_of(found: Sequence[Any], shown: str) -> list[Any]:
    """The cases of all documents: under “cases”, a list, or one case. Raises CommandError."""
    if not found:
        raise CommandError(f"{shown}: a list of cases or one case is needed.")
    cases = [case for document in found for case in _cases(document, shown)]
    if not cases:
        raise CommandError(f"{shown}: it holds no case.")
    return cases


def _cases(document: Any, shown: str) -> list[Any]:
    found = document.get("cases", [document]) if isinstance(document, Mapping) else document
    if not isinstance(found, list):
        place = "cases: " if isinstance(document, Mapping) else ""
        raise CommandError(f"{shown}: {place}a list of cases or one case is needed.")
    return found
