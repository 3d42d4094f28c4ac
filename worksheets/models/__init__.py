"""What is kept: people, organisations, review cycles, answers, decisions, results, and the texts that admins edit."""

from worksheets.models.people import Mails, Membership, Organisation, Role, User
from worksheets.models.printing import Printing
from worksheets.models.results import Event, Lookback, Result
from worksheets.models.reviews import Cycle, Revision, Summary, Worksheet
from worksheets.models.security import AuditEvent, Tries
from worksheets.models.sent import Sent
from worksheets.models.signoff import Comment, Decision, Issued, Reason
from worksheets.models.texts import Guidance, Platform, PlatformFigure
from worksheets.models.together import Assignment, Notice

__all__ = [
    "Assignment",
    "AuditEvent",
    "Comment",
    "Cycle",
    "Decision",
    "Event",
    "Guidance",
    "Issued",
    "Lookback",
    "Mails",
    "Membership",
    "Notice",
    "Organisation",
    "Platform",
    "PlatformFigure",
    "Printing",
    "Reason",
    "Result",
    "Revision",
    "Role",
    "Sent",
    "Summary",
    "Tries",
    "User",
    "Worksheet",
]
