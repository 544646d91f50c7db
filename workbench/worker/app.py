"""The worker's tasks; each reads the truth from its rows and may be run twice."""

import logging
from datetime import timedelta
from zoneinfo import ZoneInfo

from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy

from workbench.store import audit_heads, backup, heartbeats
from workbench.workflow import (
    deliveries,
    film_renewal,
    late_reading,
    mark_delivery,
    mark_objects,
    screenings,
)
from workbench.workflow.station import Station

log = logging.getLogger(__name__)

STALLED_SECONDS = 60
RETRY = RetryStrategy(max_attempts=5, exponential_wait=4)
# an outbox that cannot be written to may be away for days; it is tried for two weeks
PATIENT = RetryStrategy(max_attempts=14 * 24 * 6, wait=600)


def app_for(station: Station, dsn: str) -> App:
    """The job engine on this database, with all tasks bound to one place of work."""
    app = App(connector=PsycopgConnector(conninfo=dsn))

    @app.task(name="screen_exam", queue="screen", retry=RETRY)
    def screen_exam(exam_id: str) -> None:
        screenings.screen_exam(station, exam_id)

    @app.task(name="file_held", queue="screen", retry=RETRY)
    def file_held(held_id: str) -> None:
        late_reading.file_held(station, held_id)

    @app.task(name="describe_conflict", queue="screen", retry=RETRY)
    def describe_conflict(conflict_id: str) -> None:
        late_reading.describe_conflict(station, conflict_id)

    @app.task(name="deliver_report", queue="deliver", retry=RETRY)
    def deliver_report(report_id: str, status: str) -> None:
        deliveries.deliver(station, report_id, status)

    @app.task(name="write_mark_objects", queue="deliver", retry=RETRY)
    def write_mark_objects(report_id: str) -> None:
        mark_objects.write(station, report_id)

    @app.task(name="deliver_objects", queue="deliver", retry=PATIENT)
    def deliver_objects(report_id: str) -> None:
        mark_delivery.hand_over(station, report_id)

    @app.periodic(cron="* * * * * */30")
    @app.task(
        name="rescue_stalled", queue="sweep", queueing_lock="rescue_stalled", pass_context=True
    )
    async def rescue_stalled(context: JobContext, timestamp: int) -> None:  # noqa: ARG001
        # Without this a killed worker's jobs stay "doing" for ever.
        manager = context.app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            log.warning("job %s of a silent worker is taken up again", job.id)
            await manager.retry_job(job)

    @app.periodic(cron="* * * * *")
    @app.task(name="nightly", queue="sweep", queueing_lock="nightly")
    def nightly(timestamp: int) -> None:  # noqa: ARG001
        _heads(station)
        _backup(station)
        film_renewal.renew_films(station)

    return app


def _heads(station: Station) -> None:
    """The chain heads leave the database once a day."""
    with station.store.look() as conn:
        last = heartbeats.read(conn).get("heads")
    now = station.now()
    if last is None or last.at.date() < now.date():
        with station.store.change() as conn:
            audit_heads.write_heads(conn, station.settings.outbox, now)
            heartbeats.beat(conn, "heads", now)


def _backup(station: Station) -> None:
    """A backup every night after the chosen hour, local time."""
    now = station.now()
    local = now.astimezone(ZoneInfo("Asia/Shanghai"))
    with station.store.look() as conn:
        last = heartbeats.read(conn).get("backup")
    due = local.replace(hour=station.settings.backup_hour, minute=0, second=0, microsecond=0)
    if local < due:
        due -= timedelta(days=1)
    if last is not None and last.at >= due:
        return
    done = backup.backup(station.settings, station.settings.backups, now)
    with station.store.change() as conn:
        heartbeats.beat(conn, "backup", station.now(), {"folder": done.folder.name})
