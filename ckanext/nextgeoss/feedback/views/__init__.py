"""Pages of feedback."""

from __future__ import annotations

from flask import Blueprint

from . import acting, boards, moderating, people, reading, widget, writing

blueprint = Blueprint("nextgeoss_feedback", __name__)
for _theme in (reading, writing, acting, moderating, people, boards, widget):
    for _rule, _view, _methods in _theme.ROUTES:
        blueprint.add_url_rule(_rule, view_func=_view, methods=list(_methods))
blueprint.after_request(widget.keep_out_of_frames)
