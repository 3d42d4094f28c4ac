"""Stage 3: what will change because of the answers, and whether a whole review of the strategy is due (004)."""

from __future__ import annotations

from collections.abc import Mapping

from worksheets import words
from worksheets.dates import months_after
from worksheets.fields import (
    Choice,
    Day,
    Drafted,
    PlainRow,
    Raw,
    RowForm,
    Rows,
    Scope,
    Select,
    Text,
    text,
)
from worksheets.workbook import (
    Doing,
    Found,
    Need,
    Question,
    QuestionForm,
    Stage,
    given,
    ids,
    rule,
    where_holds,
)
from worksheets.workbooks.quick_check.keys import ACTIONS, ALL, in_words, refused, short_of_yes, verdicts

# A first step for each, in words that a team can keep.
STEPS = {
    "planned": "Write down the campaigns of the next three months, and one post a week for each.",
    "managed": "Agree who looks at each channel, at what times, and who stands in.",
    "impact": "Count for two weeks the hours it takes, and the calls it saves or causes.",
    "worth": "Ask ten patients and five colleagues what would be missed, and close what would not.",
    "audience_known": "Write one line for each channel: who it is mainly for.",
    "not_for": "Pin a post on each channel that says what not to send there, and where to go instead.",
    "purpose_told": "Say in the profile of each channel what people will find there.",
    "locked_down": "Go through the settings of each channel, and switch off what you do not need.",
    "no_debates": "Agree one reply for heated comments, and who may use it.",
    "moderated": "Name who checks comments each day, and what is taken down.",
    "feedback_welcomed": "Write three short replies that thank people, for praise, complaints and ideas.",
    "moves_to_private_said": "Write one line for public use that says you have sent a private message.",
    "reputation_weighed": "Read one month of each channel as a patient would, and note what jars.",
    "policy": "Take a policy that another NHS team uses, fit it to yours, and have it agreed.",
    "content_plan": "Fill a calendar for the year with dates you know, and name who writes each post.",
    "everyone_knows": "Share one calendar of posts, and look at it together each month.",
    "no_promises_for_others": "Have each post about a service checked by every site that it names.",
}
WHETHER = {"yes": "Yes", "no": "No", "later": "Later"}
# How old the last review may be (000: look at it all again every six months), and how many of the four may fail.
REVIEW_MONTHS = 6
FAILING = 2


def drafts(scope: Scope) -> Mapping[str, tuple[str, Mapping[str, Raw]]]:
    """An action for each of the four that is no or not sure, and for each habit that is no or partly kept."""
    wanting = {key: verdict for key, verdict in verdicts(scope).items() if verdict in ("no", "unsure", "partly")}
    return {key: (f"{ALL[key]}: {in_words(key, verdict)}", {"what": STEPS[key]}) for key, verdict in wanting.items()}


class ActionRow(RowForm):
    about = Select("What is it about?", ALL, needed=True, short="About", ask="Choose what the action is about")
    what = Text(
        "What will you do?",
        lines=2,
        unless="because",
        short="Action",
        ask="Enter what you will do, or why you leave it as it is",
    )
    owner = Text("Who does it?", "A name or a role.", half=True, suggests="people", short="Owner")
    due = Day("By when?", "For example, 31 1 2027.", half=True, short="By when", next_time="same")
    done = Day("When was it done?", "Once it is.", half=True, short="Done", next_time="same")
    because = Text(
        "Or: why do you leave it as it is?",
        "Then it is no action any more.",
        short="Left as it is because",
    )


class ActionsForm(QuestionForm):
    actions = Rows(
        "Actions",
        ActionRow,
        "Keep each draft, reword it, or say why you leave it as it is. Up to twenty.",
        noun="action",
        words="what",
        known_by=("about", "what"),
        joint=": ",
        telling=("owner", "due"),
        most=20,
        short="Actions",
        begun_from=Drafted("Begin one from each answer that is not a yes", "about", drafts, over="done"),
    )


class ReviewForm(QuestionForm):
    start_review = Choice(
        "Will you start a full review of your strategy?",
        WHETHER,
        "It takes about two hours. Leave this open if the first four answers are a yes.",
        inline=True,
        short="Start a review",
        next_time="anew",
    )
    because = Text("What makes you say that?", lines=2, short="Why", next_time="anew")


def dropped(action: PlainRow) -> bool:
    """Whether it is left as it is, for a reason: it is no action then, whatever was drafted."""
    return given(action, "because")


def long_done(action: PlainRow, scope: Scope) -> bool:
    """Whether it was done before this check began: then it is no answer to what is not a yes today."""
    done = text(action, "done")
    return bool(done and scope.starts and done < scope.starts.isoformat())


def to_do(action: PlainRow) -> bool:
    """Whether somebody still has to do it."""
    return not (dropped(action) or given(action, "done"))


def over(action: PlainRow) -> bool:
    """Whether there is nothing to do about it any more."""
    return not to_do(action)


# What a check says that somebody will do may be followed as an action.
DOING = Doing(ACTIONS, "check", lambda row, _: text(row, "what"), owner="owner", due="due", over=over)


def keys_named(_scope: Scope) -> dict[str, str]:
    """All that a check asks about, by key, as a sentence quotes it."""
    return {key: f"“{name}”" for key, name in ALL.items()}


# Saved even without a row, it says that there is no action. Before that nobody knows.
GONE_THROUGH = Need("the actions were saved", lambda scope: "actions" in scope.answers.get("changes", {}))
REVIEWS_KNOWN = Need("it is known when the last review began", lambda scope: "strategy" in scope.beside)
BEFORE_KNOWN = Need("the check before is known", lambda scope: "before" in scope.beside)
DATED = Need("it is known when the check began", lambda scope: scope.starts is not None)


@rule(
    "changes.no-without-action",
    "warn",
    "actions",
    "actions",
    of=keys_named,
    why="A no is a reason to change something (Platforms guide, undated, 2019 or later).",
    needs=(GONE_THROUGH,),
    says=(
        "{them} is not a yes, and nothing says what you will do. Add an action, or say why you leave it as it is.",
        "{them} are not a yes, and nothing says what you will do. Add an action for each, or say why you leave it as "
        "it is.",
    ),
)
def no_without_action(scope: Scope) -> Found:
    actions = (action for action in scope.rows(ACTIONS) if not long_done(action, scope))
    return refused(scope) - set(ids((one for one in actions if given(one, "what") or dropped(one)), "about"))


@rule(
    "changes.action-without-owner",
    "warn",
    "actions",
    "actions.owner",
    of=ACTIONS,
    why="Social media needs people with the time and the skill to do it (Platforms guide, undated, 2019 or later).",
    says=(
        "Nobody is named for the action {them}. Enter a name or a role.",
        "Nobody is named for the actions {them}. Enter a name or a role for each.",
    ),
)
def action_without_owner(scope: Scope) -> Found:
    """Of those that are still to be done."""
    actions = (action for action in scope.rows(ACTIONS) if to_do(action))
    return ids(action for action in actions if given(action, "what") and not given(action, "owner"))


@rule(
    "changes.same-no-again",
    "warn",
    "actions",
    "actions",
    of=keys_named,
    why="Regular checks help only when something changes between them (Platforms guide, undated, 2019 or later).",
    needs=(BEFORE_KNOWN,),
    silent=(where_holds(no_without_action),),
    says=(
        "{them} was not a yes in the last check either. Make the step smaller, give it to somebody else, or say why "
        "you leave it as it is.",
        "{them} were not a yes in the last check either. Make the steps smaller, give them to somebody else, or say "
        "why you leave them as they are.",
    ),
)
def same_no_again(scope: Scope) -> Found:
    left = set(ids((action for action in scope.rows(ACTIONS) if dropped(action)), "about"))
    return refused(scope) & refused(scope.beside["before"].scope) - left


@rule(
    "changes.review-due",
    "note",
    "start_review",
    "start_review",
    why="A strategy is looked at anew every six months (NHS Employers toolkit, 2016), and a check that fails asks for "
    "changes (Platforms guide, undated, 2019 or later).",
    needs=(REVIEWS_KNOWN, DATED),
    says=lambda scope, subjects: (
        f"{words.capital(words.in_words(len(short_of_yes(scope))))} of the four answers in {scope.question('four')} "
        "are not a yes, and no review of your strategy began in the last six months. Start one, or say here why not."
    ),
    begins="strategy",
)
def review_due(scope: Scope) -> bool:
    """An organisation that never had one is known by a review that began on the first day there is."""
    if scope.starts is None or len(short_of_yes(scope)) < FAILING:
        return False
    answer = scope.answer("changes", "start_review")
    if text(answer, "start_review") in ("no", "later") and given(answer, "because"):
        return False
    return scope.beside["strategy"].newest < months_after(scope.starts, -REVIEW_MONTHS)


STAGE = Stage(
    key="changes",
    title="What you will change",
    short="changes",
    questions=(
        Question("actions", "What will you change?", "Actions", ActionsForm, minutes=3),
        Question(
            "start_review",
            "Is it time to review your whole strategy?",
            "Full review",
            ReviewForm,
            minutes=1,
        ),
    ),
    rules=(no_without_action, action_without_owner, same_no_again, review_due),
)
