"""What `kpis.presenters.imports` decides, for templates: `{{ run|done_headline }}`."""

from django import template

from kpis.presenters import imports

register = template.Library()

for decide in (
    imports.waiting_headline,
    imports.done_headline,
    imports.is_refused,
    imports.is_reading,
    imports.is_written,
    imports.is_undone,
    imports.stop_words,
    imports.faults_link,
    imports.changes_words,
    imports.is_cut,
    imports.leaves_all,
):
    register.filter(decide.__name__, decide)
register.simple_tag(imports.progress_of)
