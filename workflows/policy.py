"""How long an attempt may take and how often it is repeated; business deadlines are in events."""

from datetime import timedelta

from temporalio.common import RetryPolicy

QUICK_ATTEMPT = timedelta(seconds=2)
"""A short command to our own services, tried once inside the workflow task (until ADR 10)."""
ONCE = RetryPolicy(maximum_attempts=1)

ATTEMPT = timedelta(seconds=30)
"""One attempt of an ordinary activity: longer than a call's own deadline."""
HEARTBEAT = timedelta(seconds=4)
"""A worker of which nothing is heard for so long has lost its attempt: another one repeats it."""
FOR_EVER = RetryPolicy(
    initial_interval=timedelta(milliseconds=500),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(seconds=10),
)
"""A technical failure is repeated until the world is whole again; operations see each attempt."""

NEWS_PATIENCE = timedelta(seconds=10)
"""After a command, how long its event may take to come as a signal before the log is read."""
UNASKED_PATIENCE = timedelta(seconds=2)
"""How long a service has for what it does by itself before it is told to."""
LOOK_AGAIN = timedelta(minutes=5)
"""When what was refused, or had no effect, is tried again if nothing happened meanwhile."""
AFTER_DEADLINE = timedelta(milliseconds=50)
"""How long after a deadline the clock's command is sent, so that its service has reached it."""
TOO_EARLY = timedelta(seconds=1)
"""The shortest wait after a service said that its deadline has not come."""
CLOCK_STEP = timedelta(seconds=1)
"""A clock that turns out to be ahead by more than this sets running timers anew."""
LOOK_AT_MOST_EVERY = timedelta(minutes=1)
"""The shortest business time between two looks at the merchant's replacement."""
