"""Waking: nobody who looked before misses what came after."""

import threading

from amends.eventstore.watch import Wake


def test_what_came_between_looking_and_waiting_is_not_missed() -> None:
    wake = Wake()
    seen = wake.count
    wake.notify()
    assert wake.wait(seen, timeout=60) == seen + 1


def test_everybody_who_waits_is_woken() -> None:
    wake = Wake()
    woken: list[int] = []
    seen = wake.count
    waiters = [
        threading.Thread(target=lambda: woken.append(wake.wait(seen, timeout=60))) for _ in range(5)
    ]
    for waiter in waiters:
        waiter.start()
    wake.notify()
    for waiter in waiters:
        waiter.join(timeout=10)
    assert woken == [1] * 5


def test_waiting_ends_by_itself() -> None:
    assert Wake().wait(0, timeout=0.01) == 0
