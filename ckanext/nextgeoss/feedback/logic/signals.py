"""What other parts of the hub, and other plugins, are told of feedback; the sender is the id of the item, of
`summary_changed` that of a dataset. They are sent after the transaction."""

from __future__ import annotations

from ckan.plugins import toolkit

created = toolkit.signals.ckanext.signal("feedback:created")
published = toolkit.signals.ckanext.signal("feedback:published")
responded = toolkit.signals.ckanext.signal("feedback:responded")
flagged = toolkit.signals.ckanext.signal("feedback:flagged")
moderated = toolkit.signals.ckanext.signal("feedback:moderated")
accepted = toolkit.signals.ckanext.signal("feedback:accepted")
issue_changed = toolkit.signals.ckanext.signal("feedback:issue_changed")
