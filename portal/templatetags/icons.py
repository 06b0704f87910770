"""The drawings of icons: our own strokes on a 16-pixel grid."""

from collections.abc import Mapping

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

NOTHING = '<path d="M8 7.5v1"/>'
# Drawing -> the names under which templates ask for it.
DRAWINGS: Mapping[str, str] = {
    '<path d="M2.5 8.5 6.2 12 13.5 4"/>': "ok check done improving",
    '<path d="m3.5 3.5 9 9m0-9-9 9"/>': "critical cross",
    '<path d="M8 2 14.8 13.8H1.2z" fill="currentColor" stroke-width="1"/>': "warning concerning",
    '<path d="M8 2.2 14.4 13.4H1.6zM8 6.4v3.1M8 11.4v.1" stroke-width="1.6"/>': "suspected suspected_critical suspected_warning",
    '<path d="M4.8 5.2a3.2 3 0 1 1 4.9 2.5C8.5 8.5 8 9 8 10.2M8 13.2v.1"/>': "unknown not_measured unclear question",
    '<path d="M1.8 8h12M9.2 3.5 13.8 8l-4.6 4.5"/>': "continue arrow",
    '<path d="m2.5 13.5.8-3.4 7.4-7.4a1.6 1.6 0 0 1 2.3 0l.3.3a1.6 1.6 0 0 1 0 2.3l-7.4 7.4zM9.5 4l2.5 2.5" stroke-width="1.6"/>': "improve pencil",
    '<path d="M3.2 12.8 12.6 3.4M5.5 3.2h7.3v7.3"/>': "expand",
    '<circle cx="8" cy="8" r="6"/><path d="m3.8 12.2 8.4-8.4"/>': "restrict",
    '<path d="M5 2.8v10.4M11 2.8v10.4" stroke-width="3"/>': "pause",
    '<path d="M5.3 1.6h5.4l3.7 3.7v5.4l-3.7 3.7H5.3l-3.7-3.7V5.3zM5 8h6"/>': "stop",
    '<path d="M1.5 8c1.7-3.6 3.9-3.6 6.5 0s4.8 3.6 6.5 0"/>': "steady common",
    '<circle cx="8" cy="8" r="6.4" stroke-width="1.6"/><path d="M8 7.4v4M8 4.7v.1"/>': "info",
    '<rect x="2.5" y="7" width="11" height="7" rx="1.6"/><path d="M5 7V4.8a3 3 0 0 1 6 0V7"/>': "lock",
    '<path d="m3.5 6 4.5 4.5L12.5 6"/>': "chevron-down",
    '<path d="M6 3.5 10.5 8 6 12.5"/>': "chevron-right",
    '<path d="M10 3.5 5.5 8l4.5 4.5"/>': "chevron-left",
    '<path d="M8 2.5v11M2.5 8h11"/>': "plus",
    '<circle cx="7" cy="7" r="4.6"/><path d="m10.5 10.5 3.6 3.6"/>': "search",
    '<path d="M8 2v8.5M4.2 7 8 10.7 11.8 7M2.5 14h11"/>': "download",
    '<path d="M8 11V2.4M4.2 6 8 2.2 11.8 6M2.5 14h11"/>': "upload",
    '<rect x="2" y="3.2" width="12" height="11" rx="1.6"/><path d="M2 6.8h12M5.2 1.5v3M10.8 1.5v3"/>': "calendar",
    '<circle cx="8" cy="8" r="6.2"/><path d="M8 4.4V8l2.4 1.8"/>': "clock",
    '<path d="M3.5 1.8h5.8l3.2 3.2v9.2h-9zM9 2v3.4h3.3"/>': "file",
    '<circle cx="8" cy="5" r="2.9"/><path d="M2.6 14.2c.5-3.2 2.5-4.6 5.4-4.6s4.9 1.4 5.4 4.6"/>': "person",
    '<circle cx="6" cy="5.2" r="2.5"/><path d="M1.4 13.8c.4-2.9 2-4.2 4.6-4.2s4.2 1.3 4.6 4.2M10.5 2.9a2.5 2.5 0 0 1 0 4.6M12.2 10c1.4.6 2.2 1.9 2.4 3.8"/>': "people",
    '<path d="M2 3h12v8.4H7.6L4.4 14v-2.6H2z"/>': "chat feedback",
    '<path d="M3.5 14.5V2.2h8.6l-1.7 3.2 1.7 3.2H3.5"/>': "flag incident",
    '<path d="M2 2v12h12M4.8 10.4 7.4 7l2.4 2 3.6-4.8"/>': "chart",
    '<path d="M3 2.6v3.6h3.6M3.3 6.2A5.6 5.6 0 1 1 2.6 9.6"/>': "history undo",
    '<path d="M2.5 4.2h11M6 4V2.2h4V4M4 4.4l.7 9.4h6.6l.7-9.4"/>': "trash",
    '<path d="M1.2 8C2.8 5 5.1 3.5 8 3.5S13.2 5 14.8 8c-1.6 3-3.9 4.5-6.8 4.5S2.8 11 1.2 8z"/><circle cx="8" cy="8" r="2"/>': "eye",
    '<path d="M6.6 9.4a2.8 2.8 0 0 0 4 0l2.6-2.6a2.8 2.8 0 0 0-4-4L8.4 3.6M9.4 6.6a2.8 2.8 0 0 0-4 0L2.8 9.2a2.8 2.8 0 0 0 4 4l.8-.8"/>': "link",
    '<path d="M2 4h12M4.2 8h7.6M6.4 12h3.2"/>': "filter",
    '<path d="M3 12h10c-1-1.2-1.3-2.4-1.3-5A3.7 3.7 0 0 0 8 3.2 3.7 3.7 0 0 0 4.3 7c0 2.6-.3 3.8-1.3 5zM6.6 14.2h2.8M8 1.5v1.7"/>': "bell",
    '<path d="M4.5 5.5V2h7v3.5M4.5 11.5H2v-6h12v6h-2.5M4.5 9.5h7V14h-7z"/>': "print",
    '<path d="M5 13V3M2.3 5.7 5 3l2.7 2.7M11 3v10M8.3 10.3 11 13l2.7-2.7"/>': "sort",
    '<path d="M3.5 2.5v6.5H13M9.5 5.5 13 9l-3.5 3.5"/>': "effect",
}
STROKES = {
    name: mark_safe(drawing) for drawing, names in DRAWINGS.items() for name in names.split()
}


@register.simple_tag
def strokes(name: object) -> SafeString:
    """The strokes of an icon; a dot for a name that has none."""
    return STROKES.get(str(name), mark_safe(NOTHING))
