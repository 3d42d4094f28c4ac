"""Stage 3: the posts of the first four weeks, the time for them, who says yes, and how the team will know (002)."""

from __future__ import annotations

import re

from worksheets.fields import (
    TEXT_MAX,
    Agreed,
    Number,
    Platforms,
    RowForm,
    Rows,
    Scope,
    Text,
    WebAddress,
    maybe,
    text,
)
from worksheets.workbook import Question, QuestionForm, Stage, answered, rule, some
from worksheets.workbooks.channels.tables import POSTS, used

WEEK_MINUTES = 7 * 24 * 60
# X asks for one to three posts a day (002, table of channels): below this many minutes a week nobody can do that.
X_MINUTES = 60
# A post that plans to answer says so: "Answer questions", "Reply to comments", "Respond", "Thank those who shared".
ANSWERING = re.compile(r"\b(?:answer|repl(?:y|ies)|respon[ds]|thank)", re.IGNORECASE)


class PostRow(RowForm):
    what = Text(
        "What is it?",
        "A post, or time to answer people and join in.",
        lines=2,
        needed=True,
        short="What",
        ask="Enter what the post is",
    )
    platforms = Platforms("Where?", first=used, needed=True, short="Where", ask="Tick at least one platform")
    when = Text("When?", "For example, week 1, Tuesday.", half=True, short="When")
    who = Text("Who does it?", half=True, short="Who", suggests="people")
    link = WebAddress("Where does it lead?", "The address of a page, if there is one.", most=TEXT_MAX, short="Leads to")


class PostsForm(QuestionForm):
    posts = Rows(
        "The first four weeks",
        PostRow,
        "One to fifteen, in the order in which they come. Plan time to answer people as well.",
        noun="post",
        words="what",
        telling=("when", "platforms", "who"),
        least=1,
        most=15,
        ask="Add at least one post",
        short="Posts",
    )
    minutes_a_week = Number(
        "How many minutes a week do you have for it?",
        "For everything: writing, posting, reading and answering.",
        most=WEEK_MINUTES,
        unit="minutes a week",
        needed=True,
        short="Time",
        ask="Enter how many minutes a week you have, like 60",
    )
    cleared_by = Text(
        "Who at your employer says yes to this?",
        "A name or a job title. Your communications team can tell you who.",
        needed=True,
        short="Cleared by",
        ask="Enter who says yes to this at your employer",
        suggests="people",
    )
    open_posts_understood = Agreed(
        "Open posts",
        "We know that anyone may read, share and quote what we post in the open",
        "Only a private group is different. Keep to what your employer could stand by.",
        needed=True,
        short="Open posts",
        ask="Tick that you know that anyone may quote your open posts",
    )
    know_by = Text(
        "How will you know that it works?",
        "What you will see or count, and when you will look.",
        lines=3,
        needed=True,
        short="How we will know",
        ask="Enter how you will know that it works",
    )


@rule(
    "plan.nobody-answers",
    "warn",
    "posts",
    "posts",
    why="What matters most is to notice what others post and to answer it (improvement briefing, about 2014).",
    needs=(some(POSTS), answered("channels", "conditions", "answer_others")),
    says="Nobody has time to answer people yet, and your plan has none for it either. Add a line such as “Answer "
    "comments and questions”, with who does it and when.",
)
def nobody_answers(scope: Scope) -> bool:
    planned = any(ANSWERING.search(text(row, "what")) for row in scope.rows(POSTS))
    return text(scope.answer("channels", "conditions"), "answer_others") == "not-yet" and not planned


@rule(
    "plan.once-a-day-news",
    "note",
    "posts",
    "minutes_a_week",
    why="On what was then Twitter, one to three posts a day were advised (improvement briefing, about 2014).",
    needs=(answered("plan", "posts", "minutes_a_week"),),
    says=lambda scope, _: (
        f"{scope.platform('x')} lives on a post or more a day, and you have less than an hour a week. Plan more time, "
        f"or leave it for now in {scope.question('channels')}."
    ),
)
def once_a_day_news(scope: Scope) -> bool:
    return "x" in used(scope) and (maybe(scope.answer("plan", "posts"), "minutes_a_week") or 0) < X_MINUTES


STAGE = Stage(
    key="plan",
    title="The plan",
    short="the plan",
    questions=(Question("posts", "What will you post in the first four weeks?", "Posts", PostsForm, minutes=6),),
    rules=(nobody_answers, once_a_day_news),
)
