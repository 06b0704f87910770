"""The review as HTML, CSS and pictures: everything WeasyPrint needs, nothing from outside."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.template.loader import render_to_string

from kpis.domain import wording
from kpis.domain.charts import Chart, bounds_of, process_chart, segments_from
from kpis.presenters import drawings
from reviews.snapshot.document import instant

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
COLOURS = {
    "continue": "#1b7047",
    "improve": "#8a5a00",
    "expand": "#1d57b0",
    "restrict": "#a8480a",
    "pause": "#9a3412",
    "stop": "#a3162a",
    "unclear": "#586373",
    "ok": "#1b7047",
    "warning": "#8a5a00",
    "critical": "#a3162a",
    "suspected": "#8a5a00",
    "unknown": "#586373",
}
UNUSABLE = ("not_measured", "too_few", "definition_changed", "not_independent")
KEPT_INVISIBLE = "\u00ad\u200c\u200d"  # soft hyphen and the joiners that scripts need


@dataclass(frozen=True)
class Sheet:
    """HTML, CSS, pictures by address, and the name of each place that a link may go to."""

    html: str
    css: str
    pictures: Mapping[str, str]
    places: Mapping[str, str]


def sheet(document: Mapping[str, Any], digest: str) -> Sheet:
    """Everything that the PDF of this document shows; `digest` is printed in its foot."""
    shown = visible(document)
    pictures = {f"plumbline:icon/{name}": _icon(name) for name in COLOURS}
    deployments = [
        _deployment(one, f"d{number}", shown["organization"], pictures)
        for number, one in enumerate(shown["deployments"], 1)
    ]
    context = {
        "review": shown,
        "deployments": deployments,
        "with_readiness": any(one["readiness"] for one in deployments),
        "frozen": in_words(instant(document["frozen_at"])),
        "start": day_in_words(document["period"]["start"]),
        "end": day_in_words(document["period"]["end"]),
        "digest": digest,
        "short": f"{digest[:4]}…{digest[-4:]}",
        "colours": COLOURS,
        "language": _language(document["organization"]["locale"]),
    }
    places = {one["anchor"]: one["name"] for one in deployments}
    return Sheet(
        html=render_to_string("reviews/pdf/review.html", context),
        css=render_to_string("reviews/pdf/review.css", context),
        pictures=pictures,
        places={**places, "restated": "the restated figures"},
    )


def visible(value: Any) -> Any:
    """The same value with texts freed of letters that are not seen but change what is seen.

    Controls, and the marks that turn the direction of a line, could make a figure read otherwise.
    """
    if isinstance(value, Mapping):
        return {key: visible(one) for key, one in value.items()}
    if isinstance(value, list):
        return [visible(one) for one in value]
    if not isinstance(value, str):
        return value
    spaced = re.sub(r"[\t\r\n\f\v\u2028\u2029]+", " ", value)
    return "".join(
        one for one in spaced if one in KEPT_INVISIBLE or unicodedata.category(one)[0] != "C"
    )


def in_words(at: dt.datetime) -> str:
    """ "1 Oct 2026 09:00 UTC"."""
    return f"{day_in_words(at.date().isoformat())} {at:%H:%M} UTC"


def day_in_words(day: str) -> str:
    """ "1 Oct 2026", whatever the language of the process."""
    date = dt.date.fromisoformat(day)
    return f"{date.day} {MONTHS.split()[date.month - 1]} {date.year}"


def in_pairs(kpis: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Every measure once: each result followed by its side effects, else in the order given."""
    known = {kpi["key"] for kpi in kpis}

    def family(parent: str | None) -> Iterator[Mapping[str, Any]]:
        for kpi in kpis:
            of = kpi["pair_of"] if kpi["pair_of"] in known else None
            if of == parent:
                yield kpi
                yield from family(kpi["key"])

    ordered = list(family(None))
    return ordered + [kpi for kpi in kpis if kpi not in ordered]


def _language(locale: str) -> str:
    """The words of the review are English; the locale only says which English, if it is one."""
    return locale if re.fullmatch(r"en(-[A-Za-z]{2})?", locale) else "en"


def _icon(name: str) -> str:
    return render_to_string("reviews/pdf/icon.svg", {"name": name, "colour": COLOURS[name]})


def _deployment(
    deployment: Mapping[str, Any],
    anchor: str,
    organization: Mapping[str, Any],
    pictures: dict[str, str],
) -> dict[str, Any]:
    """The deployment with its measures as rows; its charts are put among the pictures."""
    rows = [_row(kpi) for kpi in in_pairs(deployment["kpis"])]
    drawn = []
    for number, row in enumerate(rows, 1):
        if row["chart"] and row["chart"]["segments"]:
            address = f"plumbline:chart/{anchor}/{number}"
            chart = _chart(row["chart"], organization)
            pictures[address] = drawings.svg(chart)
            drawn.append({"row": row, "address": address, "chart": chart})
    return {
        **deployment,
        "anchor": anchor,
        "meta": _meta(deployment),
        "because_alone": deployment["because"] not in deployment["reasons"]
        and deployment["because"],
        "state": deployment["decision"] or "unclear",
        "said": deployment["decision"] or "can't tell yet",
        "readiness": _readiness(deployment["readiness"]),
        "certainty_words": deployment["certainty"].replace("_", " "),
        "rows": rows,
        "charts": drawn,
        "unusable": [
            {"name": row["name"], "words": wording.DATA_WORDS[row["data"]]}
            for row in rows
            if row["data"] in UNUSABLE
        ],
    }


def _meta(deployment: Mapping[str, Any]) -> str:
    """ "Legal · rollout · high · model 3.1 · owner Mara Okafor · contract-review"."""
    words = [deployment[name] for name in ("unit", "phase", "risk_class")]
    words += [
        f"{word} {deployment[name]}" if deployment[name] else ""
        for name, word in (("model_version", "model"), ("owner", "owner"))
    ]
    return " · ".join(word for word in [*words, deployment["reference"]] if word)


# What is said below the answer where the data or the calendar speaks against it.
NOTES = {"contradicted": "the data says otherwise", "expired": "has expired"}
MARKS = {
    "holds": "ok",
    "contradicted": "warning",
    "expired": "warning",
    "no": "critical",
}


def _readiness(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The checklist with the mark of each line; None where nobody chose a KPI."""
    if found is None:
        return None
    lines = [
        {
            **line,
            "mark": MARKS.get(line["state"], "unknown"),
            "note": NOTES.get(line["state"], ""),
        }
        for line in found.get("lines", ())
    ]
    answered = any(line["state"] != "open" for line in lines)
    return {**found, "lines": lines if answered else [], "is_silent": bool(lines) and not answered}


def _row(kpi: Mapping[str, Any]) -> dict[str, Any]:
    """A measure with what stands in small letters: under its value, and under its state."""
    known = kpi["data"] != "not_measured"
    fault = "" if kpi["data"] == "measured" else wording.DATA_WORDS[kpi["data"]]
    said = kpi["level_text"].lower()
    return {
        **kpi,
        "state": kpi.get("state")
        or ("suspected" if kpi["level"].startswith("suspected") else kpi["level"]),
        "under": [word for word in (kpi["n"], kpi["grade"] if known else "") if word],
        "notes": [
            note
            for note in (kpi.get("notes") or [kpi["change_text"]]) + [fault]
            if note and note not in said and said not in note
        ],
    }


def _chart(data: Mapping[str, Any], organization: Mapping[str, Any]) -> Chart:
    say = partial(
        wording.say,
        unit=data["unit"],
        currency=data.get("currency") or organization["currency"],
        locale=organization["locale"],
    )
    return process_chart(
        segments_from(data["segments"]),
        title=data["title"],
        unit_format=say,
        direction=data.get("direction", ""),
        target=data["target"],
        targets=data.get("targets", ()),
        baseline=data["baseline"],
        span=data.get("baseline_span"),
        bounds=bounds_of(data["unit"]),
        width=720,
        height=168,
    )
