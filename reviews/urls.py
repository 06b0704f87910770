"""Addresses of the review room, below /o/<organization>/."""

from django.urls import include, path

from reviews.api.reviews import EditionsView, EditionView, ReviewsView, ReviewView
from reviews.views import reviews, today

app_name = "reviews"
api = [
    path("", ReviewsView.as_view(), name="api_reviews"),
    path("<slug:review>/", ReviewView.as_view(), name="api_review"),
    path("<slug:review>/editions/", EditionsView.as_view(), name="api_editions"),
    path("<slug:review>/editions/<int:edition>/", EditionView.as_view(), name="api_edition"),
]
urlpatterns = [
    path("today/", today.today, name="today"),
    path("reviews/", reviews.list_reviews, name="list"),
    path("reviews/open/", reviews.open_review, name="open"),
    path("reviews/<slug:review>/", reviews.detail, name="detail"),
    path("reviews/<slug:review>/progress/", reviews.progress, name="progress"),
    path("reviews/<slug:review>/freeze/", reviews.freeze, name="freeze"),
    path("reviews/<slug:review>/edition-<int:edition>.pdf", reviews.pdf, name="pdf"),
    path("api/v1/reviews/", include(api)),
]
