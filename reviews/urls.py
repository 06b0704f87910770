"""Addresses of the review room, below /o/<organization>/."""

from django.urls import path

from reviews.views import reviews, today

app_name = "reviews"
urlpatterns = [
    path("today/", today.today, name="today"),
    path("reviews/", reviews.list_reviews, name="list"),
    path("reviews/open/", reviews.open_review, name="open"),
    path("reviews/<slug:review>/", reviews.detail, name="detail"),
    path("reviews/<slug:review>/progress/", reviews.progress, name="progress"),
    path("reviews/<slug:review>/freeze/", reviews.freeze, name="freeze"),
    path("reviews/<slug:review>/edition-<int:edition>.pdf", reviews.pdf, name="pdf"),
]
