"""Addresses of this server that a page hands to its browser."""

import os
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from workbench.store.instances import DisplayCopy
from workbench.widgets.loader import BASE_URL


def base() -> str:
    """The prefix under which the server runs behind a proxy, without a slash at its end."""
    return os.environ.get(BASE_URL, "").rstrip("/")


def copy(one: DisplayCopy) -> str:
    """Where the bytes of a display copy are; the digest makes them cacheable for ever."""
    return f"{base()}/wb/display/{quote(one.instance_id)}/{quote(one.form)}?v={one.sha256}"


def report(report_id: str) -> str:
    """Where the PDF of a signed version is."""
    return f"{base()}/wb/report/{quote(report_id)}.pdf"


def view(report_id: str) -> str:
    """Where a signed version is looked at with its pictures, for review only."""
    return f"{base()}/wb/view/{quote(report_id)}"


def retake(retake_id: str) -> str:
    """Where the picture of a film that should be taken again is."""
    return f"{base()}/wb/retake/{quote(retake_id)}.jpg"


def mark_object(exam_id: str, uid: str) -> str:
    """Where a DICOM object made of signed marks is."""
    return f"{base()}/wb/marks/{quote(exam_id)}/{quote(uid)}.dcm"


def ecg_print(instance_id: str, look: Mapping[str, object]) -> str:
    """Where a tracing is printed with this look."""
    words = {name: int(v) if isinstance(v, bool) else v for name, v in look.items()}
    return f"{base()}/wb/ecg/{quote(instance_id)}.pdf?{urlencode(words)}"


def upload() -> str:
    """Where files are posted to."""
    return f"{base()}/wb/upload"


def page(name: str) -> str:
    """Where a page is."""
    return f"{base()}/wb/page/{quote(name)}"


def screen() -> str:
    """Where the screen and the light of the room are checked."""
    return f"{base()}/wb/screen"


def leave() -> str:
    """Where a session ends."""
    return f"{base()}/logout"
