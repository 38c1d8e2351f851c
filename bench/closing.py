"""From the resolution to the close: the clock is moved past the follow-up, the customer answers."""

from datetime import UTC, timedelta

from amends.cli import clock
from amends.client import new_request_id
from amends.settings import Settings
from amends.v1 import followup_events_pb2, followup_service_pb2
from bench.hearing import News
from bench.life import Life, Lives


def close(settings: Settings, lives: Lives, life: Life) -> None:
    """Takes a resolved case to its close; business time goes on by three weeks for everybody."""
    news = News(lives.platform, life.escalation, lives.answered)
    told = news.wait("FollowUpScheduled", lives.patience)
    ask_by = followup_events_pb2.FollowUpScheduled.FromString(told.event.data).ask_by
    until = ask_by.ToDatetime(tzinfo=UTC) + timedelta(minutes=1)
    clock.move(settings, until - clock.now(settings))
    news.wait("FollowUpAsked", lives.patience)
    lives.repeat(
        lives.platform.followup.RecordFollowUp,
        followup_service_pb2.RecordFollowUpRequest(
            request_id=new_request_id(),
            escalation_id=life.escalation,
            solved=True,
            pleased=True,
            staying=followup_events_pb2.STAYING_YES,
        ),
    )
    news.wait("EscalationClosed", lives.patience)
    news.end()
