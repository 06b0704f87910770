"""What `kpis.presenters.looks` decides, for templates: `{{ line|rule_answer }}`."""

from django import template

from kpis.presenters import looks

register = template.Library()

for decide in (
    looks.readiness_look,
    looks.readiness_note,
    looks.readiness_template,
    looks.is_chosen,
    looks.rule_icon,
    looks.rule_answer,
    looks.known_as,
    looks.cell_look,
    looks.can_take,
    looks.direction_words,
    looks.aim_words,
    looks.better_words,
    looks.moves_words,
    looks.sign_words,
    looks.is_band,
    looks.is_judged,
    looks.can_be_guardrail,
    looks.proposed_flags,
    looks.choice_anchor,
    looks.without,
    looks.about_row,
    looks.details,
    looks.part_words,
    looks.mark_paint,
    looks.label_paint,
):
    register.filter(decide.__name__, decide)
register.simple_tag(looks.readiness_way)
register.simple_tag(looks.mend_url)
