"""Notifications' background work."""

from __future__ import annotations

from pasar.delivery.notifications.actions.notify import JOB
from pasar.delivery.notifications.actions.send_message import MOST_ATTEMPTS, send_message
from pasar.kernel.jobs import Job

NOTIFICATION_JOBS = (Job(JOB, send_message, most_attempts=MOST_ATTEMPTS),)
