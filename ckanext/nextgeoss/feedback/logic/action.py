"""The actions of feedback, by name; each is in the module of its theme."""

from __future__ import annotations

from ..quality.action import (
    quality_check_run,
    quality_list,
    quality_report,
)
from .answers import (
    feedback_accept_answer,
    feedback_reply,
    feedback_respond,
    feedback_vote,
)
from .bursts import feedback_burst_clear
from .dois import feedback_doi_show
from .exporting import feedback_export
from .importing import feedback_import
from .importing_nimmbus import feedback_import_nimmbus
from .issues import (
    feedback_issue_update,
)
from .items import (
    feedback_create,
    feedback_delete,
    feedback_patch,
    feedback_purge,
    feedback_show,
    feedback_update,
)
from .lists import (
    feedback_issue_list,
    feedback_list,
    feedback_moderation_list,
    feedback_search,
)
from .moderation import (
    feedback_flag,
    feedback_flag_clear,
    feedback_moderate,
    feedback_moderation_log,
)
from .people import (
    feedback_follow,
    feedback_follow_list,
    feedback_mute,
    feedback_profile_show,
    feedback_profile_update,
    feedback_unfollow,
    feedback_user_block,
    feedback_user_export,
    feedback_user_forget,
    feedback_user_unblock,
)
from .summaries import (
    feedback_stats,
    feedback_summary,
    feedback_summary_rebuild,
)

__all__ = [
    "feedback_accept_answer",
    "feedback_burst_clear",
    "feedback_create",
    "feedback_delete",
    "feedback_doi_show",
    "feedback_export",
    "feedback_flag",
    "feedback_flag_clear",
    "feedback_follow",
    "feedback_follow_list",
    "feedback_import",
    "feedback_import_nimmbus",
    "feedback_issue_list",
    "feedback_issue_update",
    "feedback_list",
    "feedback_moderate",
    "feedback_moderation_list",
    "feedback_moderation_log",
    "feedback_mute",
    "feedback_patch",
    "feedback_profile_show",
    "feedback_profile_update",
    "feedback_purge",
    "feedback_reply",
    "feedback_respond",
    "feedback_search",
    "feedback_show",
    "feedback_stats",
    "feedback_summary",
    "feedback_summary_rebuild",
    "feedback_unfollow",
    "feedback_update",
    "feedback_user_block",
    "feedback_user_export",
    "feedback_user_forget",
    "feedback_user_unblock",
    "feedback_vote",
    "quality_check_run",
    "quality_list",
    "quality_report",
]
