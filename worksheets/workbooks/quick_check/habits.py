"""Stage 2: thirteen habits of those who use social media well, in four groups on one page (004)."""

from __future__ import annotations

from worksheets.fields import Choice
from worksheets.workbook import Question, QuestionForm, Stage
from worksheets.workbooks.quick_check.keys import HABITS, KEPT


class HabitsForm(QuestionForm):
    audience_known = Choice(
        "Do you know who each channel is mainly for?",
        KEPT,
        inline=True,
        under="People know what it is for",
        needed=True,
        next_time="anew",
        short=HABITS["audience_known"],
        ask="Choose whether you know who each channel is for",
    )
    not_for = Choice(
        "Do you tell people what not to send there?",
        KEPT,
        "Nothing private, medical, urgent or offensive.",
        inline=True,
        needed=True,
        next_time="anew",
        short=HABITS["not_for"],
        ask="Choose whether you tell people what not to send",
    )
    purpose_told = Choice(
        "Do you tell people what they will find there?",
        KEPT,
        "For example news, flu clinics, changes to services, free appointments, waiting times.",
        inline=True,
        needed=True,
        next_time="anew",
        short=HABITS["purpose_told"],
        ask="Choose whether you tell people what they will find",
    )
    locked_down = Choice(
        "Have you switched off what could go wrong?",
        KEPT,
        "For example open posting, tagging, private messages.",
        inline=True,
        under="Your channels are safe",
        needed=True,
        next_time="anew",
        short=HABITS["locked_down"],
        ask="Choose whether you have switched off what could go wrong",
    )
    no_debates = Choice(
        "Do you stay out of arguments?",
        KEPT,
        inline=True,
        needed=True,
        next_time="anew",
        short=HABITS["no_debates"],
        ask="Choose whether you stay out of arguments",
    )
    moderated = Choice(
        "Do you check comments and take down what is not fit to stay?",
        KEPT,
        inline=True,
        needed=True,
        next_time="anew",
        short=HABITS["moderated"],
        ask="Choose whether you check comments",
    )
    feedback_welcomed = Choice(
        "Do you thank people for feedback, in a friendly tone, whatever it says?",
        KEPT,
        inline=True,
        under="People see you at your best",
        needed=True,
        next_time="anew",
        short=HABITS["feedback_welcomed"],
        ask="Choose whether you thank people for feedback",
    )
    moves_to_private_said = Choice(
        "When you answer a comment in private, do you say so below it?",
        KEPT,
        "So everybody sees that you listen and reply.",
        inline=True,
        needed=True,
        next_time="anew",
        short=HABITS["moves_to_private_said"],
        ask="Choose whether you say so in public when you answer in private",
    )
    reputation_weighed = Choice(
        "Have you asked how each channel makes you and the NHS look?",
        KEPT,
        inline=True,
        needed=True,
        next_time="anew",
        short=HABITS["reputation_weighed"],
        ask="Choose whether you have asked how each channel makes you look",
    )
    policy = Choice(
        "Do you have a written social media policy?",
        KEPT,
        inline=True,
        under="You work as one team",
        needed=True,
        next_time="anew",
        short=HABITS["policy"],
        ask="Choose whether you have a written policy",
    )
    content_plan = Choice(
        "Do you have a content plan for the year, and somebody to write it?",
        KEPT,
        inline=True,
        needed=True,
        next_time="anew",
        short=HABITS["content_plan"],
        ask="Choose whether you have a content plan for the year",
    )
    everyone_knows = Choice(
        "Does everyone know what the others post, so that nobody harms anybody?",
        KEPT,
        "In your team, or in all the practices of your network.",
        inline=True,
        needed=True,
        next_time="anew",
        short=HABITS["everyone_knows"],
        ask="Choose whether everyone knows what the others post",
    )
    no_promises_for_others = Choice(
        "Do you promise only what all your sites can keep?",
        KEPT,
        "This does not apply if you have one site.",
        inline=True,
        needed=True,
        next_time="anew",
        short=HABITS["no_promises_for_others"],
        ask="Choose whether you promise only what all your sites can keep",
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
