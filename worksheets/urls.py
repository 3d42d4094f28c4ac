"""The addresses of the toolkit. The fixed words behind <cycle> come first, so that none is taken for a stage."""

from django.urls import URLPattern, URLResolver, path, register_converter

from worksheets import guidance_pages, mending, pages, pictures_page, summary, views
from worksheets.actions import views as actions
from worksheets.assigning import mails
from worksheets.assigning import views as assigning
from worksheets.comparing import views as comparing
from worksheets.diary import views as diary
from worksheets.example import views as example
from worksheets.following import looking_back
from worksheets.groups import views as groups
from worksheets.history import views as history
from worksheets.organisations import cycles, dashboard, home, people, sharing, start
from worksheets.policies import deciding, downloads, exercising
from worksheets.policies import views as policies
from worksheets.results import views as results
from worksheets.signoff import points, talking, verifying
from worksheets.signoff import views as signoff
from worksheets.spreadsheets import views as spreadsheets
from worksheets.wizard import ReviewWizard
from worksheets.workbook import QuestionForm

register_converter(pages.WorkbookPath, "workbook")

ORGANISATION = "o/<slug:organisation>"
CYCLE = f"{ORGANISATION}/<workbook:workbook>/<slug:cycle>"
POLICY = f"{ORGANISATION}/policies/<slug:document>/<int:version>"

urlpatterns: list[URLPattern | URLResolver] = [
    # Organisations, their people, and the cycles of each workbook: where an address names none, the first is meant.
    path("", home.home, name="home"),
    path(f"{ORGANISATION}/", start.start, name="start"),
    path(f"{ORGANISATION}/verify/", verifying.verify, name="verify"),
    path(f"{ORGANISATION}/people/", people.people, name="people"),
    path(f"{ORGANISATION}/mails/", mails.mails, name="mails"),
    path(f"{ORGANISATION}/people/add/", people.add, name="person-add"),
    path(f"{ORGANISATION}/people/<int:pk>/change/", people.change, name="person-change"),
    path(f"{ORGANISATION}/people/<int:pk>/remove/", people.remove, name="person-remove"),
    path(f"{ORGANISATION}/people/<int:pk>/send/", people.send_again, name="person-send"),
    path(f"{ORGANISATION}/results/", results.results, name="results"),
    path(f"{ORGANISATION}/results/<workbook:workbook>/", results.results, name="results"),
    path(f"{ORGANISATION}/compare/", comparing.choose, name="compare-choose"),
    path(f"{ORGANISATION}/compare/<workbook:workbook>/", comparing.choose, name="compare-choose"),
    path(f"{ORGANISATION}/trend/", comparing.trends, name="trend"),
    path(f"{ORGANISATION}/trend/<workbook:workbook>/", comparing.trends, name="trend"),
    # What is to be done.
    path(f"{ORGANISATION}/actions/", actions.actions, name="actions"),
    path(f"{ORGANISATION}/actions.xlsx", spreadsheets.actions_file, name="actions-xlsx"),
    path(f"{ORGANISATION}/actions/add/", actions.add, name="action-add"),
    path(f"{ORGANISATION}/actions/<int:pk>/", actions.change, name="action-change"),
    # Policies and processes.
    path(f"{ORGANISATION}/policies/", policies.policies, name="policies"),
    path(f"{ORGANISATION}/policies/<slug:document>/", policies.document, name="policy-document"),
    path(f"{POLICY}/", policies.policy, name="policy"),
    path(f"{POLICY}/clauses/<slug:clause>/", policies.clause, name="policy-clause"),
    path(f"{POLICY}/control/", policies.control, name="policy-control"),
    path(f"{POLICY}/exercised/", exercising.exercised, name="policy-exercised"),
    path(f"{POLICY}/send/", policies.send, name="policy-send"),
    path(f"{POLICY}/library/", policies.moved_on, name="policy-library"),
    path(f"{POLICY}/policy.pdf", downloads.file, {"form": "pdf"}, name="policy-pdf"),
    path(f"{POLICY}/policy.docx", downloads.file, {"form": "word"}, name="policy-word"),
    path(f"{POLICY}/website/", downloads.website, name="policy-html"),
    path(f"{POLICY}/decide/", deciding.decide, name="policy-decide"),
    # The dates of an organisation.
    path(f"{ORGANISATION}/calendar/", diary.page, name="calendar"),
    # Groups of organisations.
    path(f"{ORGANISATION}/groups/", groups.groups, name="groups"),
    path(f"{ORGANISATION}/groups/<slug:group>/", groups.group, name="group"),
    path(f"{ORGANISATION}/groups/<slug:group>/share/", groups.share, name="group-share"),
    # The runs of a workbook.
    path(f"{ORGANISATION}/<workbook:workbook>/", dashboard.dashboard, name="dashboard"),
    path(f"{ORGANISATION}/<workbook:workbook>/new/", cycles.start, name="cycle-start"),
    # One cycle: the hub, the questions, the summary.
    path(f"{CYCLE}/", views.hub, name="hub"),
    path(f"{CYCLE}/details/", cycles.edit, name="cycle-edit"),
    path(f"{CYCLE}/share/", sharing.share, name="share"),
    path(f"{CYCLE}/shared/", sharing.shared, name="shared"),
    path(f"{CYCLE}/archive/", cycles.archive, name="cycle-archive"),
    path(f"{CYCLE}/summary/", summary.summary, name="summary"),
    path(f"{CYCLE}/summary.pdf", summary.summary_pdf, name="summary-pdf"),
    path(f"{CYCLE}/summary.docx", summary.summary_word, name="summary-word"),
    path(f"{CYCLE}/papers/<slug:document>/", summary.document, name="document"),
    path(f"{CYCLE}/papers/<slug:document>.pdf", summary.document_file, {"form": "pdf"}, name="document-pdf"),
    path(f"{CYCLE}/papers/<slug:document>.docx", summary.document_file, {"form": "word"}, name="document-word"),
    path(f"{CYCLE}/points/", points.points, name="points"),
    path(f"{CYCLE}/pictures/", pictures_page.picture_page, name="pictures"),
    path(f"{CYCLE}/conclusion/", signoff.conclusion, name="conclusion"),
    path(f"{CYCLE}/submit/", signoff.submit, name="submit"),
    path(f"{CYCLE}/decide/", signoff.decide, name="decide"),
    path(f"{CYCLE}/revise/", signoff.revise, name="revise"),
    path(f"{CYCLE}/assign/", assigning.assign, name="assign"),
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
    path(f"{CYCLE}/results/results.csv", results.download, {"form": "csv"}, name="results-csv"),
    path(f"{CYCLE}/results/results.xlsx", results.download, {"form": "xlsx"}, name="results-xlsx"),
    path(f"{CYCLE}/results/upload/", results.upload, name="results-upload"),
    path(f"{CYCLE}/results/measures/<slug:measure>/", results.measure, name="measure"),
    path(f"{CYCLE}/results/figures/<int:pk>/", results.figure_change, name="figure-change"),
    path(f"{CYCLE}/results/figures/<int:pk>/remove/", results.figure_remove, name="figure-remove"),
    path(f"{CYCLE}/results/events/add/", results.event_add, name="event-add"),
    path(f"{CYCLE}/results/events/<int:pk>/", results.event_change, name="event-change"),
    path(f"{CYCLE}/results/events/<int:pk>/remove/", results.event_remove, name="event-remove"),
    # Its tables as spreadsheets.
    path(f"{CYCLE}/tables/", spreadsheets.tables, name="tables"),
    path(f"{CYCLE}/tables.xlsx", spreadsheets.tables_file, name="tables-xlsx"),
    path(f"{CYCLE}/tables/<slug:question>/", spreadsheets.upload, name="table-upload"),
    # Its dates.
    path(f"{CYCLE}/calendar.ics", diary.review_file, name="review-calendar"),
    # Its answers.
    path(f"{CYCLE}/review.json", views.download_json, name="download-json"),
    path(f"{CYCLE}/<slug:stage>/", views.check, name="check"),
    path(f"{CYCLE}/<slug:stage>/<slug:step>/reopen/", mending.reopen, name="reopen"),
    path(
        f"{CYCLE}/<slug:stage>/<slug:step>/",
        # The steps are those of the cycle's workbook: formtools only wants to see one here.
        ReviewWizard.as_view([QuestionForm], url_name="question", done_step_name="complete"),
        name="question",
    ),
    # The feed of somebody's dates.
    path("calendar/<str:token>.ics", diary.feed, name="calendar-feed"),
    # The example of a workbook: a finished one, for everybody to look at.
    path("example/", example.overview, name="example"),
    path("example/summary/", example.summary, name="example-summary"),
    path("example/summary.pdf", example.summary_pdf, name="example-pdf"),
    path("example/<workbook:workbook>/", example.overview, name="example"),
    path("example/<workbook:workbook>/summary/", example.summary, name="example-summary"),
    path("example/<workbook:workbook>/summary.pdf", example.summary_pdf, name="example-pdf"),
    path("example/<slug:stage>/", example.answers, name="example-answers"),
    # Guidance and the pages about the service.
    path("guidance/", guidance_pages.guidance, name="guidance"),
    path("guidance/search/", guidance_pages.search, name="guidance-search"),
    path("guidance/stages/<slug:stage>/", guidance_pages.stage_page, name="guidance-stage"),
    path("guidance/worksheets/", guidance_pages.blank_worksheets, name="blank-worksheets"),
    path("guidance/worksheets/<workbook:workbook>/", guidance_pages.blank_worksheets, name="blank-worksheets"),
    path("guidance/platforms/", guidance_pages.platforms, name="platforms"),
    path("guidance/learning/", guidance_pages.learning, name="learning"),
    path("about/", guidance_pages.about, name="about"),
    path("accessibility/", guidance_pages.accessibility, name="accessibility"),
]
