"""How a field of a form is shown: `{% load fields %}{% include field|field_template %}`."""

from django import template
from django.forms import BoundField

register = template.Library()

CHOICES = {"radioselect", "checkboxselectmultiple", "radio"}


@register.filter
def field_template(field: BoundField) -> str:
    """The template for the field: a tick with its label, a group of controls, or one control."""
    if field.widget_type == "checkbox":
        return "forms/field_checkbox.html"
    return "forms/field_group.html" if is_group(field) else "forms/field_control.html"


@register.filter
def is_group(field: BoundField) -> bool:
    """Whether several controls share the label, so that they stand in a fieldset."""
    # A file with a tick to remove it is named as a group, yet has one control to point at.
    return bool(field.use_fieldset) and field.widget_type != "clearablefile"


@register.filter
def is_choice(field: BoundField) -> bool:
    """Whether the field is a list of radios or ticks."""
    return field.widget_type in CHOICES


@register.filter
def is_large(field: BoundField) -> bool:
    """Whether the question is the only one on its page."""
    return "large" in str(field.field.widget.attrs.get("class", ""))


@register.filter
def anchor(field: BoundField) -> str:
    """The id of the control to which a summary of errors leads."""
    return f"{field.auto_id}_0" if is_group(field) else str(field.id_for_label)


@register.filter
def as_prefix(label: object) -> str:
    """A label before an error: a question keeps its mark, everything else gets a colon."""
    text = str(label)
    if not text:
        return ""
    return f"{text} " if text.endswith("?") else f"{text}: "
