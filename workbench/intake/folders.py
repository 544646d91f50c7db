"""Watched folders: what lies still in `inbox/CODE` is filed there, then removed."""

import logging
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path, PurePath

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from workbench.domain.errors import WorkbenchError
from workbench.formats import grouping
from workbench.store import sites
from workbench.workflow.arrivals import Sender, file_recording
from workbench.workflow.station import Station

log = logging.getLogger(__name__)

STILL_SECONDS = 1.0  # a file whose size and time have not changed for this long is whole
PATIENCE_SECONDS = 60.0  # a header whose signals never come is held for a person after this
LOOK_SECONDS = 5.0  # network shares send no events: look anyway
BREATH_SECONDS = 0.1  # a file being written sends an event for every piece


class Folders(FileSystemEventHandler):
    """Looks after `inbox`, woken by events and by time."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._root = station.settings.inbox
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._seen: dict[Path, tuple[int, int, float]] = {}  # size, mtime, unchanged since
        self._make_folders()
        self._observer = Observer()
        self._observer.schedule(self, str(self._root), recursive=True)
        self._observer.start()
        self._thread = threading.Thread(target=self._run, name="folders", daemon=True)
        self._thread.start()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Something moved: look soon."""
        if event.event_type in ("created", "modified", "moved", "closed"):
            self._wake.set()

    def close(self) -> None:
        """Stop looking; returns when the thread has ended."""
        self._stop.set()
        self._wake.set()
        self._observer.stop()
        self._observer.join()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            pending = False
            try:
                self._make_folders()
                for folder in sorted(p for p in self._root.iterdir() if p.is_dir()):
                    pending |= self._look(folder)
            except Exception as error:  # noqa: BLE001 - the next look may succeed
                log.error("watched folders: %s", type(error).__name__)  # noqa: TRY400 - no values in logs
            self._wake.wait(STILL_SECONDS if pending else LOOK_SECONDS)
            self._stop.wait(BREATH_SECONDS)
            self._wake.clear()

    def _make_folders(self) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        with self._station.store.look() as conn:
            codes = [s.code for s in sites.every(conn) if s.active]
        for code in codes:
            (self._root / code).mkdir(exist_ok=True)

    def _look(self, folder: Path) -> bool:
        """File what is whole; says whether something is still growing."""
        files = {
            _readable(p.relative_to(folder)): p
            for p in folder.rglob("*")
            if p.is_file() and not p.is_symlink() and not p.name.startswith(".")
        }
        pending = False
        for group in grouping.recordings(files):
            paths = {name: files[name] for name in group}
            try:
                age = min(self._still_for(p) for p in paths.values())
                whole = _whole(group, paths)
                if age < STILL_SECONDS or (not whole and age < PATIENCE_SECONDS):
                    pending = True
                    continue
                self._file(folder.name, paths)
            except OSError as error:  # one that cannot be opened, or went away, stops no other
                log.error("folder %s: a file cannot be read (%s)", folder.name, error.strerror)  # noqa: TRY400 - its name may hold a patient
        return pending

    def _still_for(self, path: Path) -> float:
        state, now = _state(path), time.monotonic()
        seen = self._seen.get(path)
        if seen is None or seen[:2] != state:
            self._seen[path] = (*state, now)
            return 0.0
        return now - seen[2]

    def _file(self, code: str, paths: dict[str, Path]) -> None:
        with self._station.store.look() as conn:
            known = sites.exists(conn, code)
        reason = "" if known else f"no institution has the code {code}"
        sender = Sender(site_code=code if known else None, source=f"folder:{code}", reason=reason)
        temporary = self._station.blobs.temporary_folder
        temporary.mkdir(parents=True, exist_ok=True)
        taken = {path: _state(path) for path in paths.values()}
        with tempfile.TemporaryDirectory(dir=temporary) as here:
            copies = {n: Path(here) / str(i) for i, n in enumerate(paths)}
            for name, copy in copies.items():
                shutil.copyfile(paths[name], copy)
            try:
                outcome = file_recording(self._station, sender, copies)
            except WorkbenchError as error:
                log.error("folder %s: %s", code, error)  # noqa: TRY400 - stays; tried again at the next look
                return
        log.info("folder %s: %s", code, outcome.filing)
        for path, state in taken.items():
            if path.exists() and _state(path) == state:  # written on meanwhile: it comes again
                path.unlink()
                self._seen.pop(path, None)


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _whole(group: tuple[str, ...], paths: dict[str, Path]) -> bool:
    """Whether nothing of a recording is still to come; signals may come before their header."""
    if grouping.waits(group):
        return False
    headers = {n: p.read_bytes() for n, p in paths.items() if n.endswith(grouping.HEADER)}
    return grouping.complete(group, headers)


def _readable(path: PurePath) -> str:
    """A file name as text; names written by Chinese Windows machines are not always UTF-8."""
    raw = os.fsencode(path)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")
