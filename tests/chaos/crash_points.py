"""Fault 1, crash points: each process dies just before and just after each of its lasting effects.

A point is armed, the load goes on, and the process kills itself when it comes there; the supervisor
starts it anew. The next one is armed once it works again.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest

import psutil

from tests.chaos.scene import Scene

NAME = "crash points"
_STORE = (
    "commit.before",
    "commit.after",
    "publish.before",
    "mark.before",
    "mark.after",
    "handle.before",
    "inbox.before",
    "handle.after",
    "offset.before",
    "offset.after",
)
_MERCHANT = tuple(
    f"{effect}.{when}"
    for effect in ("refund", "credit", "replacement")
    for when in ("before", "after")
)
POINTS: dict[str, tuple[str, ...]] = {
    "intake": (
        *_STORE,
        *("answer.OpenEscalation", "answer.RestateProblem", "answer.ConfirmProblem"),
        "answer.RecordContext",
    ),
    "routing": (
        *_STORE,
        *("answer.AcceptAssignment", "answer.ReserveAuthority"),
    ),
    "resolution": (
        *_STORE,
        *_MERCHANT,
        *("answer.MakeOffer", "answer.AnswerOffer", "answer.CarryOutRemedy"),
        *("answer.SendResponse", "answer.ConfirmDelivery"),
    ),
    "followup": _STORE,
    "commerce": (*_MERCHANT, "answer.CreateRefund", "answer.IssueCredit"),
    "workflows": (
        *("handle.before", "handle.after", "offset.before", "offset.after"),
        *("signal.before", "signal.after", "command.before", "command.after"),
    ),
}
"""By process; `answer.<RPC>` is after the work of a call and before its answer is sent."""
SHORT: dict[str, tuple[str, ...]] = {
    "intake": ("commit.after", "mark.before", "answer.OpenEscalation"),
    "routing": ("inbox.before", "answer.AcceptAssignment"),
    "resolution": ("refund.before", "refund.after", "handle.after", "answer.MakeOffer"),
    "commerce": ("refund.after",),
    "workflows": ("signal.after", "command.after"),
}
"""At least one beside each kind of effect."""
_MET_WITHIN = 30.0


def play(
    scene: Scene,
    points: dict[str, tuple[str, ...]] = POINTS,
    *,
    rounds: int = 1,
    at_once: int = 1,
) -> None:
    """Arms every point `rounds` times, so many at once, in an order that the seed decides."""
    for _ in range(rounds):
        for few in _few(scene, points, at_once):
            _die(scene, few)


def _few(
    scene: Scene, points: dict[str, tuple[str, ...]], at_once: int
) -> Iterator[Sequence[tuple[str, str]]]:
    """All points, a few at a time, no two of one process together."""
    queues = []
    for process, names in points.items():
        shuffled = list(names)
        scene.random.shuffle(shuffled)
        queues.append([(process, name) for name in shuffled])
    for column in zip_longest(*queues):
        row = [one for one in column if one is not None]
        scene.random.shuffle(row)
        for start in range(0, len(row), at_once):
            yield row[start : start + at_once]


def _die(scene: Scene, few: Sequence[tuple[str, str]]) -> None:
    scene.stack.wait_healthy(*(process for process, _ in few))
    with ThreadPoolExecutor(len(few)) as pool:
        for dying in [pool.submit(_dies, scene, *one) for one in few]:
            dying.result()
    scene.recoveries.wait()


def _dies(scene: Scene, process: str, point: str) -> None:
    victim = scene.stack.process(process)
    scene.stack.arm(process, point)
    try:
        if victim is not None:
            victim.wait(_MET_WITHIN)
    except psutil.TimeoutExpired:
        scene.stack.disarm(process, point)
        scene.wrong.append(f"{process} never came to {point}")
    else:
        scene.died(process, f"{process}: {point}")
