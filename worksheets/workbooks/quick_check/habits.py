"""Stage 2: thirteen habits of those who use social media well, in four groups on one page (004)."""

from __future__ import annotations

from worksheets.fields import Choice
from worksheets.workbook import Question, QuestionForm, Stage
from worksheets.workbooks.quick_check.keys import HABITS, KEPT


def habit(key: str, label: str, ask: str, hint: str = "", *, under: str = "") -> Choice:
    """Whether a habit is kept; `ask` ends the words that ask for an answer: "Choose whether ..."."""
    return Choice(
        label,
        KEPT,
        hint,
        inline=True,
        needed=True,
        next_time="anew",
        under=under,
        short=HABITS[key],
        ask=f"Choose whether {ask}",
    )


class HabitsForm(QuestionForm):
    audience_known = habit(
        "audience_known",
        "Do you know who each channel is mainly for?",
        "you know who each channel is for",
        under="People know what it is for",
    )
    not_for = habit(
        "not_for",
        "Do you tell people what not to send there?",
        "you tell people what not to send",
        "Nothing private, medical, urgent or offensive.",
    )
    purpose_told = habit(
        "purpose_told",
        "Do you tell people what they will find there?",
        "you tell people what they will find",
        "For example news, flu clinics, changes to services, free appointments, waiting times.",
    )
    locked_down = habit(
        "locked_down",
        "Have you switched off what could go wrong?",
        "you have switched off what could go wrong",
        "For example open posting, tagging, private messages.",
        under="Your channels are safe",
    )
    no_debates = habit("no_debates", "Do you stay out of arguments?", "you stay out of arguments")
    moderated = habit("moderated", "Do you check comments and take down what is not fit to stay?", "you check comments")
    feedback_welcomed = habit(
        "feedback_welcomed",
        "Do you thank people for feedback, in a friendly tone, whatever it says?",
        "you thank people for feedback",
        under="People see you at your best",
    )
    moves_to_private_said = habit(
        "moves_to_private_said",
        "When you answer a comment in private, do you say so below it?",
        "you say so in public when you answer in private",
        "So everybody sees that you listen and reply.",
    )
    reputation_weighed = habit(
        "reputation_weighed",
        "Have you asked how each channel makes you and the NHS look?",
        "you have asked how each channel makes you look",
    )
    policy = habit(
        "policy",
        "Do you have a written social media policy?",
        "you have a written policy",
        under="You work as one team",
    )
    content_plan = habit(
        "content_plan",
        "Do you have a content plan for the year, and somebody to write it?",
        "you have a content plan for the year",
    )
    everyone_knows = habit(
        "everyone_knows",
        "Does everyone know what the others post, so that nobody harms anybody?",
        "everyone knows what the others post",
        "In your team, or in all the practices of your network.",
    )
    no_promises_for_others = habit(
        "no_promises_for_others",
        "Do you promise only what all your sites can keep?",
        "you promise only what all your sites can keep",
        "This does not apply if you have one site.",
    )


STAGE = Stage(
    key="habits",
    title="Thirteen habits",
    short="habits",
    questions=(
        Question(
            "habits",
            "Which of these habits do you keep?",
            "Habits",
            HabitsForm,
            minutes=3,
        ),
    ),
)
