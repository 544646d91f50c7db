"""Display copies, uploads and the life of the process."""

import http.client
import json
import shutil
import ssl
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from tests import make
from tests.server.conftest import PASSWORD, Browser, launch
from workbench.cli.supervisor import GIVES_UP
from workbench.domain.errors import Invalid
from workbench.formats.display_copy import trace_meta, trace_samples
from workbench.server.multipart import FormReader, label
from workbench.store import instances
from workbench.store.instances import DisplayCopy
from workbench.store.schema import display_copy, exam, instance, patient, quarantine, site

BOUND = "----wb42"


@pytest.fixture
def film(station):
    """One display copy of an exam of C1, and one of a clinic C1 does not read for."""
    blob = station.blobs.put(bytes(range(256)) * 4096)
    now = datetime.now(UTC)
    with station.store.change() as conn:
        if conn.execute(sa.select(exam.c.id).where(exam.c.id == "e-C1")).first() is None:
            conn.execute(site.insert().values(code="T9", name="某镇卫生院", kind="township"))
            for code in ("C1", "T9"):
                conn.execute(
                    patient.insert().values(
                        id=f"p-{code}",
                        site_code=code,
                        local_id="1",
                        name="张三",
                        person_id=f"p-{code}",
                    )
                )
                conn.execute(
                    exam.insert().values(
                        id=f"e-{code}",
                        site_code=code,
                        kind="DR",
                        key="k",
                        patient_id=f"p-{code}",
                        state="waiting",
                        priority=3,
                        received_at=now,
                    )
                )
                conn.execute(
                    instance.insert().values(
                        id=f"i-{code}",
                        exam_id=f"e-{code}",
                        site_code=code,
                        uid="1.2",
                        reader="dicom",
                        sha256=blob.sha256,
                        parts=[],
                        source="test",
                        received_at=now,
                    )
                )
                conn.execute(
                    display_copy.insert().values(
                        instance_id=f"i-{code}",
                        form="full",
                        sha256=blob.sha256,
                        size=blob.size,
                        meta={},
                    )
                )
    return blob


def test_a_display_copy_comes_whole_once_and_then_from_the_browsers_cache(server, film):
    one = server.browser("reader1")
    first = one.get("/wb/display/i-C1/full")
    assert (first.status, len(first.body)) == (200, film.size)
    assert first.headers["Content-Type"] == "application/octet-stream"
    assert first.headers["ETag"] == f'"{film.sha256}"'
    assert first.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert first.body == bytes(range(256)) * 4096
    again = one.get("/wb/display/i-C1/full", If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")


def test_a_display_copy_is_for_those_who_may_see_the_exam(server, film):
    assert server.browser("reader1").get("/wb/display/i-T9/full").status == 404
    assert server.browser("nurse1").get("/wb/display/i-C1/full").status == 403
    assert server.browser("student").get("/wb/display/i-C1/full").status == 403
    assert Browser(server.port).get("/wb/display/i-C1/full").status == 302
    assert server.browser("reader1").get("/wb/display/i-C1/raw").status == 404
    script = server.browser("reader1").get("/wb/display/i-T9/full", Accept="*/*")
    assert script.json()["status"] == 404


@pytest.fixture
def tracing(station, film):
    """The trace of an exam of C1, beside its film."""
    trace = make.make_trace()
    blob = station.blobs.put(trace_samples(trace))
    with station.store.change() as conn:
        values = {"sha256": blob.sha256, "size": blob.size, "meta": trace_meta(trace)}
        new = DisplayCopy(instance_id="i-C1", form="trace", **values)
        instances.set_copy(conn, new)
    return new


def test_a_print_is_a_pdf_for_those_who_may_see_the_tracing_and_a_wrong_wish_is_refused(
    server, tracing
):
    one = server.browser("reader1")
    made = one.get("/wb/ecg/i-C1.pdf?layout=12x1&order=cabrera&speed=25&gain=10&notch=1&n=1")
    assert (made.status, made.headers["Content-Type"]) == (200, "application/pdf")
    assert made.body.startswith(b"%PDF-")
    assert made.headers["Cache-Control"] == "private, max-age=60"
    wrong = one.get("/wb/ecg/i-C1.pdf?gain=40", Accept="application/json")
    assert wrong.status == 422
    assert "5, 10, 20" in wrong.text
    assert server.browser("reader1").get("/wb/ecg/i-T9.pdf").status == 404
    assert server.browser("nurse1").get("/wb/ecg/i-C1.pdf").status == 403
    assert Browser(server.port).get("/wb/ecg/i-C1.pdf").status == 302


def form(files, **fields):
    body = b""
    for name, value in fields.items():
        body += f'--{BOUND}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for name, data in files.items():
        head = f'--{BOUND}\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n'
        body += head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + data + b"\r\n"
    return body + f"--{BOUND}--\r\n".encode()


def upload(one, body, kind=f"multipart/form-data; boundary={BOUND}"):
    if "_xsrf" not in one.cookies:
        one.get("/login")
    return one.ask("POST", "/wb/upload", body, Content_Type=kind, X_XSRFToken=one.cookies["_xsrf"], Accept="application/json")  # fmt: skip


def test_an_upload_is_filed_or_put_aside_and_leaves_nothing_behind(server, station):
    one = server.browser("nurse1")
    answer = upload(one, form({"../../etc/notes.txt": b"not a study " * 50_000}))
    assert answer.status == 201, answer.text
    filed = answer.json()["filed"]
    assert [row["files"] for row in filed] == [["notes.txt"]]
    with station.store.look() as conn:
        assert conn.execute(sa.select(sa.func.count()).select_from(quarantine)).scalar_one() == 1
    assert list((station.settings.home / "uploads").iterdir()) == []


def test_an_upload_is_refused_with_a_sentence(server, station):
    nurse = server.browser("nurse1")
    cases = [
        (server.browser("reader1"), form({"a": b"x"}), 403), (nurse, form({}), 422),
        (nurse, form({"a": b"x"})[:-20], 422), (nurse, b"{}", 422),
        (nurse, form({"a": b"x"}, order_id="o" * 2000), 422),
    ]  # fmt: skip
    for one, body, status in cases:
        answer = upload(one, body)
        assert (answer.status, answer.json()["status"]) == (status, status), answer.text
    nurse.cookies.pop("_xsrf")
    refused = nurse.ask("POST", "/wb/upload", form({"a": b"x"}), Content_Type=f"multipart/form-data; boundary={BOUND}")  # fmt: skip
    assert refused.status == 403
    assert list((station.settings.home / "uploads").glob("*")) == []


def test_an_upload_too_large_is_refused_before_it_is_sent(server):
    one = server.browser("nurse1")
    one.get("/login")
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    link.putrequest("POST", "/wb/upload")
    for name, value in {
        "Cookie": "; ".join(f"{k}={v}" for k, v in one.cookies.items()), "Content-Length": str(600 * 2**20),
        "Content-Type": f"multipart/form-data; boundary={BOUND}", "X-XSRFToken": one.cookies["_xsrf"],
    }.items():  # fmt: skip
        link.putheader(name, value)
    link.endheaders()
    assert link.getresponse().status == 413
    link.close()


@pytest.mark.parametrize("step", [1, 2, 3, 7, 64, 10_000])
def test_a_form_reads_the_same_in_pieces_of_any_size(tmp_path, step):
    data = {"a.dcm": b"\r\n--" + BOUND.encode()[:-1] + b"\r\n" * 9, "b": b"", "b2": bytes(500)}
    body = form(data, order_id="o1")
    reader = FormReader(f"multipart/form-data; boundary={BOUND}", lambda n: tmp_path / str(n))
    for at in range(0, len(body), step):
        reader.feed(body[at : at + step])
    got = reader.finish()
    assert got.fields == {"order_id": "o1"}
    assert {name: path.read_bytes() for name, path in got.files.items()} == data


def test_a_form_that_breaks_off_is_not_taken(tmp_path):
    reader = FormReader(f"multipart/form-data; boundary={BOUND}", lambda n: tmp_path / str(n))
    reader.feed(form({"a": b"x" * 100})[:-9])
    with pytest.raises(Invalid, match="breaks off"):
        reader.finish()


def test_the_name_a_sender_gives_is_a_label_and_never_a_path():
    assert label("..\\..\\C:\\x/../张三\x00\u202e.dcm") == "张三.dcm"
    assert label("/") == "file"


def test_health_is_told_to_this_machine(server):
    assert Browser(server.port).get("/wb/health").json()["ok"] is True


def test_a_taken_port_is_one_clear_line(server, settings, dashboards):
    second = launch(settings, dashboards, WORKBENCH_PORT=str(server.port))
    assert second.process.wait(60) == 3
    assert f"port {server.port} on 127.0.0.1 cannot be opened" in second.log.read_text()


def test_plain_http_off_this_machine_needs_a_flag(settings, dashboards):
    one = launch(settings, dashboards, WORKBENCH_HOST="0.0.0.0")
    assert one.process.wait(60) == GIVES_UP
    assert "--insecure-http" in one.log.read_text()


@pytest.mark.parametrize("what", ["missing", "no certificate", "of another key", "unreadable key"])
def test_a_certificate_that_cannot_be_used_ends_the_house_with_one_clear_line(
    settings, dashboards, tmp_path, what
):
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    make_certificate(cert, key)
    if what == "missing":
        cert = tmp_path / "elsewhere.pem"
    elif what == "no certificate":
        cert.write_text("not a certificate")
    elif what == "of another key":
        make_certificate(tmp_path / "other.pem", key)
    else:
        key.write_text(
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----"
        )
    paths = {"WORKBENCH_TLS_CERT": str(cert), "WORKBENCH_TLS_KEY": str(key)}
    one = launch(settings, dashboards, **paths)
    assert one.process.wait(60) == GIVES_UP
    said = one.log.read_text()
    assert f"certificate {cert} and key {key} cannot be used" in said
    assert "Traceback" not in said


def make_certificate(cert, key):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key),
         "-out", str(cert), "-days", "2", "-subj", "/CN=localhost", "-batch"],
        capture_output=True, check=True,
    )  # fmt: skip


def test_a_pool_of_ready_pages_each_with_its_own_owner_and_a_clean_end(
    settings, station, dashboards
):
    certificate = settings.home / "cert.pem"
    make_certificate(certificate, certificate)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    one = launch(settings, dashboards, WORKBENCH_KERNEL_POOL="1", WORKBENCH_TLS_CERT=str(certificate), WORKBENCH_TLS_KEY=str(certificate))  # fmt: skip
    try:
        reply = None
        while reply is None or not reply.get("ready", {}).get("reading.ipynb"):
            assert one.process.poll() is None, one.log.read_text()
            reply = _secure(one.port, context, "/wb/health")
        cookie = _secure_login(one.port, context, "reader1")
        assert "Secure" in cookie
        assert cookie.startswith("__Host-workbench-")
        page = _secure_page(one.port, context, cookie.split(";")[0])
        assert '"kernelId": "' in page
    finally:
        code = one.stop()
    assert code == 0
    kernel = page.split('"kernelId": "')[1].split('"')[0]
    assert not [c for c in Path("/proc").glob("[0-9]*/cmdline") if kernel in _read(c)]


def _read(path):
    try:
        return path.read_text()
    except OSError:
        return ""  # ended meanwhile


def _ask(port, context, method, path, body=None, **headers):
    link = http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=context)
    link.request(method, path, body, headers)
    reply = link.getresponse()
    found = reply.status, reply.headers, reply.read()
    link.close()
    return found


def _secure(port, context, path):
    try:
        return json.loads(_ask(port, context, "GET", path)[2])
    except (OSError, ValueError):
        return None


def _secure_login(port, context, name):
    cookies = _ask(port, context, "GET", "/login")[1].get_all("Set-Cookie")
    xsrf = cookies[0].split(";")[0]
    token = xsrf.split("=", 1)[1].strip('"')
    body = urlencode({"username": name, "password": PASSWORD, "_xsrf": token})
    status, head, _ = _ask(port, context, "POST", "/login", body, Cookie=xsrf, **{"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert status == 302
    assert "max-age" in head["Strict-Transport-Security"]
    return head["Set-Cookie"]


def _secure_page(port, context, cookie):
    return _ask(port, context, "GET", "/wb/page/reading", Cookie=cookie)[2].decode()


def test_a_form_of_endless_fields_is_refused_before_it_fills_the_memory(tmp_path):
    reader = FormReader(f"multipart/form-data; boundary={BOUND}", lambda n: tmp_path / str(n))
    part = 'Content-Disposition: form-data; name="f{}"\r\n\r\nx\r\n--' + BOUND + "\r\n"
    with pytest.raises(Invalid, match="more than 50"):
        reader.feed(f"--{BOUND}\r\n".encode() + "".join(map(part.format, range(60))).encode())
