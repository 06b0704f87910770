"""What `reviews.presenters.waiting` decides, for templates."""

from django import template

from reviews.presenters import waiting

register = template.Library()
register.simple_tag(waiting.task_url)
register.simple_tag(waiting.waits_for)
