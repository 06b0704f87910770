"""What `deployments.presenters.statuses` decides, for templates: `{{ status|status_icon }}`."""

from django import template

from deployments.presenters import statuses

register = template.Library()

for decide in (
    statuses.status_icon,
    statuses.status_colour,
):
    register.filter(decide.__name__, decide)
