"""What every answer tells the browser: nothing from outside, no guessing of types, no framing."""

import re

_HOST = re.compile(r"[A-Za-z0-9.\-_\[\]:]{1,255}")

_COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_FORM = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'"
)
_ALWAYS = "object-src 'none'; frame-ancestors 'self'"


def common(*, tls: bool) -> dict[str, str]:
    """Headers of every answer."""
    hsts = {"Strict-Transport-Security": "max-age=31536000"} if tls else {}
    return {**_COMMON, **hsts, "Content-Security-Policy": f"{_FORM}; {_ALWAYS}"}


def script_policy() -> str:
    """The policy of a plain page with a script of our own, which asks this server only."""
    return f"{_FORM}; script-src 'self'; connect-src 'self'; {_ALWAYS}"


def viewer_policy() -> str:
    """The policy of a plain page with a viewer: looks set by script, films unpacked in threads."""
    parts = (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'self'",
        _ALWAYS,
    )
    return "; ".join(parts)


def room_policy(host: str) -> str:
    """The policy of a page with a kernel.

    Vue templates are compiled in the browser ('unsafe-eval'), Voila starts with inline scripts, and
    anywidget imports from blob addresses. The websocket is named for browsers in which 'self' does
    not cover it; a host that is not one is left out.
    """
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    parts = (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'none'",
        "worker-src 'self' blob:",
        "frame-src 'self' blob:",
        f"connect-src 'self' blob: data:{sockets}",
        "form-action 'self'",
        "base-uri 'self'",
        _ALWAYS,
    )
    return "; ".join(parts)
