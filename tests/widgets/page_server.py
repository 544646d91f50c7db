"""A server for looking at the viewers alone: built files, the harness page, pictures of a test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "workbench/widgets/static"
KINDS = {".js": "text/javascript", ".html": "text/html", ".jpg": "image/jpeg"}


class Handler(BaseHTTPRequestHandler):
    """Answers from `blobs` first, then from the two folders."""

    blobs: dict[str, bytes]
    asked: list[str]
    gates: dict[str, threading.Event]

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        self.asked.append(path)
        if path in self.gates:
            self.gates[path].wait(30)
        body = self.blobs.get(path)
        if path == "/":
            body = (ROOT / "tests/frontend/harness.html").read_bytes()
        elif path.startswith("/wb/static/") and (STATIC / Path(path).name).is_file():
            body = (STATIC / Path(path).name).read_bytes()
        self.send_response(404 if body is None else 200)
        kind = "text/html" if path == "/" else KINDS.get(Path(path).suffix)
        self.send_header("Content-Type", kind or "application/octet-stream")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@contextmanager
def serving() -> Iterator[tuple[str, type[Handler]]]:
    """Serve on a free port of this machine until the block ends."""
    handler = type("Own", (Handler,), {"blobs": {}, "asked": [], "gates": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", handler
    finally:
        for gate in handler.gates.values():
            gate.set()
        server.shutdown()
        server.server_close()
        thread.join()
