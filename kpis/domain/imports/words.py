"""The words by which files name periods, teams, parts and grades, in a few languages."""

import re
import unicodedata

PERIOD_NAMES = {
    "period",
    "periode",
    "week",
    "month",
    "date",
    "day",
    "quarter",
    "year",
    "weekof",
    "weekno",
    "weeknumber",
    "weekcommencing",
    "weekbeginning",
    "weekstarting",
    "weekending",
    "calendarweek",
    "reportingperiod",
    "reportingweek",
    "reportingmonth",
    "woche",
    "kw",
    "kalenderwoche",
    "monat",
    "datum",
    "tag",
    "quartal",
    "jahr",
    "zeitraum",
    "berichtsmonat",
    "semaine",
    "mois",
    "wk",
}
KPI_NAMES = {
    "kpi",
    "kpis",
    "measure",
    "metric",
    "metrics",
    "kennzahl",
    "kennzahlen",
    "indicator",
    "indikator",
    "kpiname",
    "metricname",
    "measurename",
}
NOTE_NAMES = {
    "note",
    "notes",
    "comment",
    "comments",
    "remark",
    "remarks",
    "bemerkung",
    "kommentar",
    "anmerkung",
    "notiz",
}
UNIT_NAMES = {
    "team",
    "unit",
    "department",
    "dept",
    "abteilung",
    "bereich",
    "standort",
    "orgunit",
    "organizationunit",
    "organisationunit",
    "einheit",
    "gruppe",
}
GRADE_NAMES = {"grade", "howknown", "knownas", "honesty", "datagrade", "quality", "datenqualitat"}
GRADES = {
    "measured": "measured",
    "gemessen": "measured",
    "exact": "measured",
    "sampled": "sampled",
    "sample": "sampled",
    "stichprobe": "sampled",
    "estimated": "estimated",
    "estimate": "estimated",
    "geschatzt": "estimated",
    "assumed": "assumed",
    "assumption": "assumed",
    "angenommen": "assumed",
}
# Part of a figure -> how files call its column, alone or behind the name of a KPI.
PART_NAMES = {
    "value": {"value", "figure", "result", "wert", "actual", "ist", "rate", "average", "mean"},
    "num": {"numerator", "num", "zahler", "events", "hits"},
    "den": {"denominator", "den", "denom", "nenner", "total", "of", "base", "basis", "outof"},
    "n": {"n", "samplesize", "cases", "sample", "fallzahl", "stichprobe", "numberofcases"},
    "sd": {"sd", "stddev", "standarddeviation", "spread", "standardabweichung"},
}
_TOTAL = re.compile(
    r"(?:(?:grand |sub)?totals?|sum|summe|gesamt\w*|average|mean|avg|durchschnitt|mittelwert"
    r"|overall|ytd|year to date|zwischensumme|median|min|max)\b|[øΣ]",
    re.IGNORECASE,
)
_ALL = {"all", "total", "gesamt", "alle", "overall", "allteams", "whole", "everyone", "sum"}
_IN_BRACKETS = re.compile(r"[\[(][^\])]*[\])]")


def plain(name: str) -> str:
    """A name without case, accents, blanks and punctuation, for comparison."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[\W_]+", "", "".join(c for c in apart if not unicodedata.combining(c)))


def bare(name: str) -> str:
    """As `plain`, without what stands in brackets and without a sign of unit."""
    return plain(_IN_BRACKETS.sub("", name).replace("%", " "))


def is_total(text: str) -> bool:
    """Whether a row's first words say that it adds up the others."""
    return bool(_TOTAL.match(text.strip())) and len(text) < 40


def is_whole(text: str) -> bool:
    """Whether a team's cell means all teams together."""
    return plain(text) in _ALL
