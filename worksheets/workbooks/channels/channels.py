"""Stage 2: the two or three channels that fit, and whether what they take is in place (002, which channels to use)."""

from __future__ import annotations

from worksheets.fields import Choice, Noted, PlainRow, Platform, RowForm, Rows, Scope, Text, several, text
from worksheets.presentation import Computed
from worksheets.words import capital, listed, of_all
from worksheets.workbook import Found, Question, QuestionForm, Stage, every, rule
from worksheets.workbooks.channels.tables import (
    AUDIENCES,
    CHANNELS,
    POSTS,
    active_accounts,
    platforms_named,
    there,
    used,
    used_rows,
)

USE = {
    "organisation": "The organisation's account",
    "own": "An account of our own",
    "leave": "None: we leave it for now",
}
YES_NOT_YET = {"yes": "Yes", "not-yet": "Not yet"}
# More than this many channels are spread too thin: 002 asks for a few, and we count three as few.
MOST = 3
# How many platforms the page puts forward.
SHOWN = 5
# What a platform should be known for to serve each want, by the tags of the platform guide. The pairs of Twitter,
# LinkedIn, Facebook and YouTube follow 002 (table of channels); the rest is our own judgement.
FITS = {
    "adopters": ("practice", "networking", "traffic", "multimedia"),
    "deciders": ("opinion", "journalists", "networking"),
    "debate": ("debate", "opinion", "journalists", "news"),
    "network": ("practice", "networking", "private", "events"),
    "learning": ("feedback", "debate", "public"),
}
# The same tags as they stand in a sentence.
KNOWN_FOR = {
    "practice": "communities of practice",
    "networking": "meeting others in the field",
    "traffic": "leading people to a website",
    "multimedia": "pictures, film and sound",
    "opinion": "people who shape opinion",
    "journalists": "journalists",
    "debate": "debate",
    "news": "news as it breaks",
    "private": "private talk in small groups",
    "events": "live events",
    "feedback": "feedback",
    "public": "the public",
}
# What success on any channel rests on, as lists and points call it (002, needs for success).
CONDITIONS = {
    "clear_aim": "a clear aim",
    "audience_known": "known audiences",
    "little_and_often": "little and often",
    "content_worth_sharing": "content worth sharing",
    "answer_others": "answering others",
}


class ChannelRow(RowForm):
    platform = Platform("Platform", first=lambda scope: best(scope), needed=True, ask="Choose a platform")
    use = Choice(
        "Which account will you use there?",
        USE,
        needed=True,
        short="Account",
        ask="Choose which account you will use, or that you leave it for now",
    )
    because = Text("Why?", lines=2, short="Why")


class ChannelsForm(QuestionForm):
    channels = Rows(
        "Your channels",
        ChannelRow,
        "Two or three to use. Add others that you thought about and leave for now: somebody will ask.",
        noun="channel",
        words="platform",
        telling=("use",),
        least=1,
        most=5,
        ask="Add at least one channel",
        short="Channels",
    )


def condition(label: str, key: str, hint: str = "") -> Choice:
    """One of the five conditions, as a yes or a not yet."""
    name = CONDITIONS[key]
    ask = f"Choose “yes” or “not yet” for {name}"
    return Choice(label, YES_NOT_YET, hint, inline=True, needed=True, short=capital(name), ask=ask)


def next_step(label: str, key: str) -> Text:
    """What happens about a condition that is not met yet."""
    return Text(label, short=f"{capital(CONDITIONS[key])}: next step")


class ConditionsForm(QuestionForm):
    clear_aim = condition("Is it clear what you want to achieve?", "clear_aim")
    clear_aim_next = next_step("If not yet, how will it become clear?", "clear_aim")
    audience_known = condition(
        "Do you know your audiences?", "audience_known", "Somebody has watched what they say, and what they ask for."
    )
    audience_known_next = next_step("If not yet, who will look, and when?", "audience_known")
    little_and_often = condition("Can you post little and often, week after week?", "little_and_often")
    little_and_often_next = next_step("If not yet, where will the time come from?", "little_and_often")
    content_worth_sharing = condition(
        "Do you have content that others will want to share?",
        "content_worth_sharing",
        "Pictures, film, a question with its answer, a line worth quoting.",
    )
    content_worth_sharing_next = next_step("If not yet, what will you make?", "content_worth_sharing")
    answer_others = condition(
        "Can you answer people, and join in with what they post?", "answer_others", "This one matters most."
    )
    answer_others_next = next_step("If not yet, who will do it, and from when?", "answer_others")


# What the page says of platforms.


def matches(scope: Scope, platform: str) -> list[str]:
    """What a platform is known for that the team wants, as tags."""
    wanted = {tag for want in several(scope.answer("want", "wants"), "wants") for tag in FITS[want]}
    tags = scope.guide.get(platform, Noted()).tags
    return [tag for tag in KNOWN_FOR if tag in tags and tag in wanted]


def best(scope: Scope) -> list[str]:
    """The keys of the platforms that fit, best first: where most audiences are active, then what serves most wants.

    Audiences come first, because 002 says to be where they are most active: once it is known of all of them where they
    are, what none of them uses is not put forward. Equals stay in the order of the guide.
    """
    audiences = scope.rows(AUDIENCES)
    all_placed = bool(audiences) and all(several(row, "active_on") for row in audiences)
    fit = {key: (len(there(scope, key)), len(matches(scope, key))) for key in scope.platforms}
    good = (key for key, (active, serves) in fit.items() if active or (serves and not all_placed))
    return sorted(good, key=lambda key: fit[key], reverse=True)


def fit_of(scope: Scope, platform: str) -> tuple[str, ...]:
    """How a platform fits: how many audiences are active there, and which of the wants it serves."""
    placed = sum(bool(several(row, "active_on")) for row in scope.rows(AUDIENCES))
    audiences = of_all(len(there(scope, platform)), placed, "audience")
    # One of them says "and" itself.
    known = ", ".join(KNOWN_FOR[tag] for tag in matches(scope, platform))
    return (*((f"{audiences} active there",) if placed else ()), *((f"known for {known}",) if known else ()))


def what_fits(scope: Scope) -> tuple[Computed, ...]:
    """The platforms that fit best, and for each row of a channel how it fits and what to consider there."""
    found = best(scope)[:SHOWN]
    lines = [f"{scope.platform(key)}: {'; '.join(fit_of(scope, key))}" for key in found]
    unplaced = [text(row, "who") for row in scope.rows(AUDIENCES) if not several(row, "active_on")]
    if lines and any(unplaced):
        lines.append(f"Not counted, because you have not said where they are active: {listed(filter(None, unplaced))}")
    summed = (Computed("what-fits", "What fits your project, best first", tuple(lines), above=True),) if lines else ()
    return (*summed, *(line for row in scope.rows(CHANNELS) for line in of_channel(scope, row)))


def of_channel(scope: Scope, row: PlainRow) -> tuple[Computed, ...]:
    """What there is to say of one chosen platform: how it fits, and what the guide says to consider."""
    key, platform = text(row, "id"), text(row, "platform")
    fit = tuple(map(capital, fit_of(scope, platform))) if platform else ()
    consider = tuple(map(capital, filter(None, map(str.strip, scope.guide.get(platform, Noted()).consider))))
    told = (
        Computed(f"fit-{key}", "How it fits", fit, anchor=key),
        Computed(f"consider-{key}", "Consider", consider if text(row, "use") != "leave" else (), anchor=key),
    )
    return tuple(one for one in told if one.lines)


# Where the answers do not fit together.


@rule(
    "channels.too-many",
    "warn",
    "channels",
    "channels.use",
    of=platforms_named,
    why="Each channel takes steady work before it pays back, so choose a few where your audiences are most active "
    "(improvement briefing, about 2014).",
    says="You want to use {them}. That is more than three: keep the ones where most of your audiences are active, and "
    "leave the others for now.",
)
def too_many(scope: Scope) -> Found:
    return used(scope) if len(used(scope)) > MOST else ()


@rule(
    "channels.no-audience-there",
    "warn",
    "channels",
    "channels.platform",
    of=platforms_named,
    why="A channel is worth the time where your audiences are active (improvement briefing, about 2014).",
    needs=(every(AUDIENCES, "active_on"),),
    says=(
        "None of your audiences is active on {them}. Leave it for now, or look again where they are in "
        "{question:audiences}.",
        "None of your audiences is active on {them}. Leave them for now, or look again where your audiences are in "
        "{question:audiences}.",
    ),
)
def no_audience_there(scope: Scope) -> Found:
    return [key for key in used(scope) if not there(scope, key)]


@rule(
    "channels.own-account-unneeded",
    "note",
    "channels",
    "channels.use",
    of=platforms_named,
    why="An account that people follow already reaches further than a new one (improvement briefing, about 2014: a "
    "following takes time to build).",
    says=(
        "Your organisation is active on {them} already. Ask to post through its account before you open one of your "
        "own.",
        "Your organisation is active on {them} already. Ask to post through its accounts before you open some of your "
        "own.",
    ),
)
def own_account_unneeded(scope: Scope) -> Found:
    strategy = scope.beside.get("strategy")
    own = {text(row, "platform") for row in used_rows(scope) if text(row, "use") == "own"}
    return own & set(active_accounts(strategy.scope)) if strategy else ()


def conditions_named(_scope: Scope) -> dict[str, str]:
    return {key: f"“{capital(name)}”" for key, name in CONDITIONS.items()}


@rule(
    "plan.condition-not-met",
    "warn",
    "conditions",
    "clear_aim",
    mended_in="channels",
    of=conditions_named,
    why="Channels work for those who have a clear aim, know their audience, post steadily, share good content and "
    "answer others (improvement briefing, about 2014).",
    says=(
        "{them} is not in place yet, and nothing says what you will do about it. Enter the next step.",
        "{them} are not in place yet, and nothing says what you will do about that. Enter the next step for each.",
    ),
)
def condition_not_met(scope: Scope) -> Found:
    answer = scope.answer("channels", "conditions")
    unmet = [key for key in CONDITIONS if text(answer, key) == "not-yet" and not text(answer, f"{key}_next")]
    # Once there are posts, whether somebody answers is looked for among them: one gap is one point.
    return [key for key in unmet if key != "answer_others" or not scope.rows(POSTS)]


STAGE = Stage(
    key="channels",
    title="Which channels",
    short="channels",
    questions=(
        Question(
            "channels",
            "Which two or three channels will you use?",
            "Channels",
            ChannelsForm,
            minutes=7,
            computed=what_fits,
            reading=("platforms",),
        ),
        Question("conditions", "Do you have what it takes?", "What it takes", ConditionsForm),
    ),
    rules=(too_many, no_audience_there, own_account_unneeded, condition_not_met),
)
