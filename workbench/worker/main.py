"""The worker process."""

import asyncio
import logging
import os
import signal
import sys

from workbench.domain.errors import WorkbenchError
from workbench.settings import Settings
from workbench.worker.app import app_for
from workbench.workflow.exposure_bands import bands_of
from workbench.workflow.process import beating, supervisor
from workbench.workflow.station import station_of

log = logging.getLogger(__name__)


async def _work(dsn: str) -> int:
    station = station_of(Settings(), dsn)
    with station.store.look():
        pass  # without a database stop now, not after the pool's half minute
    try:
        bands_of(station)
    except WorkbenchError as error:  # a faulty file stops the worker before the first film
        log.error("%s", error)  # noqa: TRY400 - the sentence says all
        return 1
    app = app_for(station, dsn)
    with beating(station, "worker", {}):
        async with app.open_async():
            worker = asyncio.create_task(
                app.run_worker_async(
                    name=f"worker-{os.getpid()}",
                    concurrency=2,  # a film being decoded does not hold up a delivery
                    fetch_job_polling_interval=2.0,
                    update_heartbeat_interval=5.0,
                    stalled_worker_timeout=60.0,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                )
            )
            watch = asyncio.create_task(_until_told())
            await asyncio.wait({worker, watch}, return_when=asyncio.FIRST_COMPLETED)
            worker.cancel()
            [ended] = await asyncio.gather(worker, return_exceptions=True)
    watch.cancel()
    station.store.close()
    if isinstance(ended, Exception):
        log.error("the worker stopped: %s", type(ended).__name__)
        return 1
    return 0


async def _until_told() -> None:
    told, parent = asyncio.Event(), supervisor()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    while not told.is_set() and os.getppid() == parent:
        try:
            await asyncio.wait_for(told.wait(), 1.0)
        except TimeoutError:
            continue


def _without_values(record: logging.LogRecord) -> bool:
    """A failed job is told by its type only: the text of a database error may name a patient."""
    if record.exc_info and record.exc_info[0]:
        record.msg, record.args = f"{record.getMessage()} ({record.exc_info[0].__name__})", ()
        record.exc_info = record.exc_text = None
    return True


def run() -> int:
    """Work until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s worker %(levelname)s %(message)s")
    jobs = logging.getLogger("procrastinate")
    jobs.setLevel(logging.WARNING)
    jobs.addFilter(_without_values)
    logging.getLogger("procrastinate.worker").addFilter(_without_values)
    try:
        return asyncio.run(_work(Settings().database_url))
    except Exception as error:  # noqa: BLE001 - the supervisor starts it again; no values in logs
        log.error("the worker stopped: %s", type(error).__name__)  # noqa: TRY400
        return 1


if __name__ == "__main__":
    sys.exit(run())
