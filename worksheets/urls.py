"""The addresses of the review. The fixed words behind <cycle> come first, so that none is taken for a stage."""

from django.urls import URLPattern, URLResolver, path

from worksheets import guidance_pages, pictures_page, summary, views
from worksheets.comparing import views as comparing
from worksheets.following import looking_back
from worksheets.history import views as history
from worksheets.organisations import cycles, dashboard, home, people
from worksheets.results import views as results
from worksheets.signoff import points, talking, verifying
from worksheets.signoff import views as signoff
from worksheets.wizard import NAMES, ReviewWizard

CYCLE = "o/<slug:organisation>/reviews/<slug:cycle>"

urlpatterns: list[URLPattern | URLResolver] = [
    # Organisations, their people and their review cycles.
    path("", home.home, name="home"),
    path("o/<slug:organisation>/", dashboard.dashboard, name="dashboard"),
    path("o/<slug:organisation>/verify/", verifying.verify, name="verify"),
    path("o/<slug:organisation>/people/", people.people, name="people"),
    path("o/<slug:organisation>/people/add/", people.add, name="person-add"),
    path("o/<slug:organisation>/people/<int:pk>/change/", people.change, name="person-change"),
    path("o/<slug:organisation>/people/<int:pk>/remove/", people.remove, name="person-remove"),
    path("o/<slug:organisation>/people/<int:pk>/send/", people.send_again, name="person-send"),
    path("o/<slug:organisation>/results/", results.results, name="results"),
    path("o/<slug:organisation>/reviews/new/", cycles.start, name="cycle-start"),
    path(f"{CYCLE}/details/", cycles.edit, name="cycle-edit"),
    path(f"{CYCLE}/archive/", cycles.archive, name="cycle-archive"),
    path("o/<slug:organisation>/compare/", comparing.choose, name="compare-choose"),
    path("o/<slug:organisation>/trend/", comparing.trends, name="trend"),
    # One review cycle: the hub, the questions, the summary.
    path(f"{CYCLE}/", views.hub, name="hub"),
    path(f"{CYCLE}/summary/", summary.summary, name="summary"),
    path(f"{CYCLE}/summary.pdf", summary.summary_pdf, name="summary-pdf"),
    path(f"{CYCLE}/points/", points.points, name="points"),
    path(f"{CYCLE}/pictures/", pictures_page.picture_page, name="pictures"),
    path(f"{CYCLE}/conclusion/", signoff.conclusion, name="conclusion"),
    path(f"{CYCLE}/submit/", signoff.submit, name="submit"),
    path(f"{CYCLE}/decide/", signoff.decide, name="decide"),
    path(f"{CYCLE}/revise/", signoff.revise, name="revise"),
    path(f"{CYCLE}/comments/", talking.comments, name="comments"),
    path(f"{CYCLE}/comments/<slug:question>/", talking.comments_on, name="comments-on"),
    path(f"{CYCLE}/next/", cycles.start_following, name="next"),
    path(f"{CYCLE}/looking-back/", looking_back.looking_back, name="looking-back"),
    path(f"{CYCLE}/looking-back/<slug:table>/<slug:row>/", looking_back.look_back_at, name="look-back-at"),
    path(f"{CYCLE}/compare/", comparing.compared, name="compare"),
    path(f"{CYCLE}/compare/<slug:against>/summary.pdf", summary.summary_pdf, name="summary-compared"),
    path(f"{CYCLE}/history/<slug:step>/", history.history, name="question-history"),
    path(f"{CYCLE}/history/<slug:step>/<int:version>/", history.restore, name="restore"),
    path(f"{CYCLE}/activity/", history.done, name="activity"),
    path(f"{CYCLE}/results/", results.cycle_results, name="cycle-results"),
    path(f"{CYCLE}/results/results.csv", results.download, name="results-csv"),
    path(f"{CYCLE}/results/upload/", results.upload, name="results-upload"),
    path(f"{CYCLE}/results/measures/<slug:measure>/", results.measure, name="measure"),
    path(f"{CYCLE}/results/figures/<int:pk>/", results.figure_change, name="figure-change"),
    path(f"{CYCLE}/results/figures/<int:pk>/remove/", results.figure_remove, name="figure-remove"),
    path(f"{CYCLE}/results/events/add/", results.event_add, name="event-add"),
    path(f"{CYCLE}/results/events/<int:pk>/", results.event_change, name="event-change"),
    path(f"{CYCLE}/results/events/<int:pk>/remove/", results.event_remove, name="event-remove"),
    path(f"{CYCLE}/review.json", views.download_json, name="download-json"),
    path(f"{CYCLE}/<slug:stage>/", views.check, name="check"),
    path(
        f"{CYCLE}/<slug:stage>/<slug:step>/",
        ReviewWizard.as_view(list(NAMES.items()), url_name="question", done_step_name="complete"),
        name="question",
    ),
    # Guidance and the pages about the service.
    path("guidance/", guidance_pages.guidance, name="guidance"),
    path("guidance/stages/<slug:stage>/", guidance_pages.stage_page, name="guidance-stage"),
    path("guidance/platforms/", guidance_pages.platforms, name="platforms"),
    path("guidance/learning/", guidance_pages.learning, name="learning"),
    path("about/", guidance_pages.about, name="about"),
    path("accessibility/", guidance_pages.accessibility, name="accessibility"),
]
