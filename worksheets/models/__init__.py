"""What is kept: people, organisations, review cycles, answers, decisions, results, policies, actions, and texts that
admins edit."""

from worksheets.models.actions import Action
from worksheets.models.between import Feed, Group, GroupMember, Reminder
from worksheets.models.people import Mails, Membership, Organisation, Role, User
from worksheets.models.policies import Policy, PolicyClause, PolicyFile, PolicyMove
from worksheets.models.printing import Printing
from worksheets.models.results import Event, Lookback, Result
from worksheets.models.reviews import Cycle, Revision, Summary, Worksheet
from worksheets.models.security import AuditEvent, Tries
from worksheets.models.sent import Sent
from worksheets.models.signoff import Comment, Decision, Issued, Reason
from worksheets.models.texts import Guidance, Platform, PlatformFigure
from worksheets.models.together import Assignment, Notice

__all__ = [
    "Action",
    "Assignment",
    "AuditEvent",
    "Comment",
    "Cycle",
    "Decision",
    "Event",
    "Feed",
    "Group",
    "GroupMember",
    "Guidance",
    "Issued",
    "Lookback",
    "Mails",
    "Membership",
    "Notice",
    "Organisation",
    "Platform",
    "PlatformFigure",
    "Policy",
    "PolicyClause",
    "PolicyFile",
    "PolicyMove",
    "Printing",
    "Reason",
    "Reminder",
    "Result",
    "Revision",
    "Role",
    "Sent",
    "Summary",
    "Tries",
    "User",
    "Worksheet",
]
