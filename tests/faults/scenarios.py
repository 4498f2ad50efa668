"""The faults: what is done to the product, and the moment at which nothing of it may be left to see."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.faults import week_off
from tests.faults.bench import Bench
from tests.faults.fixture import Outcome, in_ledger, tally
from tests.faults.world import awake, drawn, expected, written_to
from tests.sinks.smtp import DROP, HANG

LOOKED = 4.0
"""Seconds in which every process has begun and looked: one that waits for another's key says nothing of it."""

EVENING = datetime(2026, 11, 18, 19, 0, tzinfo=UTC)
"""Past seven in the morning in every zone, and far from midnight in all."""

Scenario = Callable[[Bench, Random], Outcome]
SCENARIOS: dict[str, Scenario] = {}


def fault(scenario: Scenario) -> Scenario:
    SCENARIOS[scenario.__name__.replace("_", " ")] = scenario
    return scenario


def _struck(bench: Bench, chance: Random, job: str, stops: str, **more: str) -> Outcome:
    """One process killed where it stands, then what the next interval brings."""
    patients = bench.lay_down(drawn(chance, bench.number, EVENING))
    if job == "send":
        bench.sweep(EVENING)
    child = bench.child(job, EVENING, FAULTS_STOPS=stops, **more)
    child.wait_until_it_says("standing still")
    child.end(signal.SIGKILL)
    bench.recover(EVENING)
    return tally(expected(patients, EVENING), written_to(patients, EVENING), bench.taken())


@fault
def worker_killed_while_sweeping(bench: Bench, chance: Random) -> Outcome:
    return _struck(bench, chance, "sweep", f"sweeping:{chance.randint(1, 3)}")


@fault
def worker_killed_before_sending(bench: Bench, chance: Random) -> Outcome:
    return _struck(bench, chance, "send", f"asking:{chance.randint(1, 6)}")


@fault
def worker_killed_while_sending(bench: Bench, chance: Random) -> Outcome:
    return _struck(bench, chance, "send", f"leaving:{chance.randint(1, 4)}")


@fault
def worker_killed_after_sending(bench: Bench, chance: Random) -> Outcome:
    return _struck(bench, chance, "send", f"answered:{chance.randint(1, 4)}")


@fault
def two_beats_and_four_workers(bench: Bench, chance: Random) -> Outcome:
    """Each sweep waits before it commits until all of them have looked, so that all have found the same."""
    patients = bench.lay_down(drawn(chance, bench.number, EVENING))
    go = bench.folder / "go"
    sweeps = [bench.child("both", EVENING, FAULTS_STOPS="sweeping:1", FAULTS_PAUSE=str(go)) for _ in range(4)]
    time.sleep(LOOKED)
    go.touch()
    for child in sweeps:
        child.wait()
    bench.recover(EVENING)
    return tally(expected(patients, EVENING), written_to(patients, EVENING), bench.taken())


@fault
def broker_flushed_and_restarted(bench: Bench, chance: Random) -> Outcome:
    """Ticks are lost with the broker; the next ones find what is owed. On the machine's own clock."""
    at = datetime.now(UTC)
    patients = bench.lay_down(drawn(chance, bench.number, at, awake(at)))
    with bench.worker():
        bench.tick()
        bench.redis.flush()
        bench.redis.stop()
        bench.redis.start()
        bench.until_settled(at, tick=True)
    return tally(expected(patients, at), written_to(patients, at), bench.taken())


@fault
def worker_alive_but_not_consuming(bench: Bench, chance: Random) -> Outcome:
    """Stopped in its tracks it leaves no beat; let go it catches up."""
    at = datetime.now(UTC)
    patients = bench.lay_down(drawn(chance, bench.number, at, awake(at)))
    with bench.worker() as worker:
        worker.send(signal.SIGSTOP)
        bench.tick()
        assert bench.beats() == 0, "a worker that stands still said that it had swept"
        worker.send(signal.SIGCONT)
        bench.until_settled(at, tick=True)
        assert bench.beats() > 0
    return tally(expected(patients, at), written_to(patients, at), bench.taken())


@fault
def database_restarted_at_once(bench: Bench, chance: Random) -> Outcome:
    patients = bench.lay_down(drawn(chance, bench.number, EVENING))
    stops = chance.choice(
        ("sweeping:1", f"asking:{chance.randint(1, 4)}", f"answered:{chance.randint(1, 4)}")
    )
    child = bench.child("both", EVENING, FAULTS_STOPS=stops, FAULTS_PAUSE="2")
    child.wait_until_it_says("standing still")
    bench.close()
    bench.postgres.restart_at_once()
    child.wait()
    bench.recover(EVENING)
    return tally(expected(patients, EVENING), written_to(patients, EVENING), bench.taken())


def _answers(bench: Bench, chance: Random, answers: list[str]) -> Outcome:
    patients = bench.lay_down(drawn(chance, bench.number, EVENING))
    bench.sweep(EVENING)
    bench.sink.at_data = answers
    bench.recover(EVENING)
    return tally(expected(patients, EVENING), written_to(patients, EVENING), bench.taken())


@fault
def mail_server_refuses(bench: Bench, chance: Random) -> Outcome:
    patients = bench.lay_down(drawn(chance, bench.number, EVENING))
    bench.sink.stop()
    bench.sweep(EVENING)
    bench.send(EVENING)
    bench.sink.start()
    bench.recover(EVENING)
    return tally(expected(patients, EVENING), written_to(patients, EVENING), bench.taken())


@fault
def mail_server_answers_451_then_250(bench: Bench, chance: Random) -> Outcome:
    return _answers(bench, chance, ["451 later"] * chance.randint(1, 6))


@fault
def mail_server_drops_after_data(bench: Bench, chance: Random) -> Outcome:
    return _answers(bench, chance, [DROP])


@fault
def mail_server_hangs(bench: Bench, chance: Random) -> Outcome:
    return _answers(bench, chance, [HANG])


@fault
def dose_recorded_between_sweep_and_send(bench: Bench, chance: Random) -> Outcome:
    patients = bench.lay_down(drawn(chance, bench.number, EVENING))
    bench.sweep(EVENING)
    given = {one.number for one in patients if chance.random() < 0.5 and not one.gone}
    bench.record(given, EVENING)
    bench.recover(EVENING)
    left = [one for one in patients if one.number not in given]
    return tally(expected(left, EVENING), written_to(left, EVENING), bench.taken())


@fault
def beat_dead_for_three_days(bench: Bench, chance: Random) -> Outcome:
    """A second mail goes only to whoever has come to a new rung meanwhile."""
    patients = bench.lay_down(drawn(chance, bench.number, EVENING))
    later = EVENING + timedelta(days=3)
    bench.recover(EVENING)
    first = bench.forget_mails()
    before, after = expected(patients, EVENING), expected(patients, later)
    bench.recover(later)
    anew = {one.number for one in after - before if one.audience == "patient"}
    addressed = {one.address for one in patients if one.number in anew}
    second = tally(before | after, addressed, bench.taken())
    assert set(first) == written_to(patients, EVENING)
    return second


def a_hundred_thousand_owed_after_a_week_off(bench: Bench, chance: Random) -> Outcome:
    """Struck once: four sweeps at the same moment, then two senders at once until everything is said."""
    waiting = week_off.lay_down(EVENING)
    sweeps = [bench.child("sweep", EVENING) for _ in range(4)]
    for child in sweeps:
        child.wait()
    bench.empty(EVENING)
    return tally(week_off.expected(waiting), {one.address for one in waiting if one.writes}, bench.taken())


ONCE: dict[str, Scenario] = {
    "a hundred thousand owed after a week off": a_hundred_thousand_owed_after_a_week_off
}

CHANGES = (
    datetime(2026, 3, 29, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 0, tzinfo=UTC),
    datetime(2026, 11, 1, 5, tzinfo=UTC),
    datetime(2028, 2, 28, 12, tzinfo=UTC),
    datetime(2026, 12, 31, 10, tzinfo=UTC),
)
"""Clocks going forward and back in London, back in New York, a leap day, the year's end."""


@fault
def clock_changes_and_odd_days(bench: Bench, chance: Random) -> Outcome:
    """An hour at a time for two days: each rung owed once, and no patient written to twice on a day of theirs."""
    begins = chance.choice(CHANGES)
    patients = bench.lay_down(drawn(chance, bench.number, begins))
    by_address = {one.address: one for one in patients}
    owed, days = set(), []
    for hour in range(0, 48, 3):
        at = begins + timedelta(hours=hour)
        owed |= expected(patients, at)
        bench.sweep(at)
        bench.send(at)
        zones = {address: ZoneInfo(by_address[address].zone) for address in bench.taken()}
        days += [(address, at.astimezone(zones[address]).date()) for address in bench.forget_mails()]
    ledger = in_ledger()
    return Outcome(
        owed=len(owed),
        sent=len(days),
        doubled=sum(number - 1 for number in ledger.values()) + len(days) - len(set(days)),
        lost=len(owed - set(ledger)),
        foreign=len(set(ledger) - owed),
        uncertain=0,
    )
