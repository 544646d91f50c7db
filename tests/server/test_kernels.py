"""Whose kernel is whose, and the holes that Voila leaves open."""

import json
import os
import time
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa
import websocket

from tests.server.conftest import Browser
from workbench.store.schema import audit
from workbench.workflow import accounts, console

WAIT_S = 30


def message(kind, content, **more):
    header = {"msg_id": uuid.uuid4().hex, "session": "test", "username": "", "version": "5.3", "msg_type": kind, "date": ""}  # fmt: skip
    return json.dumps({
        "header": header, "parent_header": {}, "metadata": {}, "content": content,
        "channel": "shell", "buffers": [], **more,
    })  # fmt: skip


def widget_of(page):
    """The id of the widget a page shows."""
    views = [json.loads(s) for s in _outputs(page)]
    return views[-1]["data"]["application/vnd.jupyter.widget-view+json"]["model_id"]


def _outputs(page):
    mark = '<script type="application/vnd.voila.cell-output+json">'
    return [part.split("</script>")[0] for part in page.split(mark)[1:]]


def ask_widget(line, widget, word):
    """Set the text of a widget as a browser does and wait for the text Python gives back."""
    data = {"method": "update", "state": {"value": word}, "buffer_paths": []}
    line.send(message("comm_msg", {"comm_id": widget, "data": data}))
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        said = json.loads(line.recv())
        if said["msg_type"] != "comm_msg":
            continue
        value = said["content"]["data"].get("state", {}).get("value", word)
        if value != word:
            return value
    raise AssertionError("the widget did not answer")


def wait_until_closed(line):
    """Until the server closes the connection; a timeout is a failure."""
    line.settimeout(WAIT_S)
    try:
        while line.recv():
            pass
    except websocket.WebSocketConnectionClosedException:
        pass


def kernel_in(page):
    return json.loads(page.split('id="jupyter-config-data" type="application/json">')[1].split("</script>")[0])["kernelId"]  # fmt: skip


def test_a_page_knows_its_owner_and_nothing_the_browser_sends_changes_that(server):
    one = server.browser("reader1")
    page = one.get(
        "/wb/page/reading?exam=e1&user=boss",
        X_WB_User="boss", Remote_User="boss", X_Forwarded_User="boss",
    ).text  # fmt: skip
    line = one.socket(kernel_in(page), **{"X-Workbench-User": "boss"})
    said = ask_widget(line, widget_of(page), "who")
    assert said == "reader1 reading exam=e1&user=boss"


def test_a_kernel_is_told_only_what_it_needs(server):
    one = server.browser("reader1")
    page = one.get("/wb/page/reading").text
    env = ask_widget(one.socket(kernel_in(page)), widget_of(page), "env")
    assert "WORKBENCH_DATABASE_URL" in env
    assert "workbench_app" in env  # the application's role
    for foreign in ("WORKBENCH_DATABASE_OWNER_URL", "WORKBENCH_TLS_KEY", "PYTEST_CURRENT_TEST"):
        assert foreign not in env


def test_another_person_and_another_login_of_the_same_person_are_refused(server):
    one, other, again = (server.browser(n) for n in ("reader1", "reader2", "reader1"))
    kernel = one.open_page("reading")
    for stranger in (other, again):
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            stranger.socket(kernel)
        assert refused.value.status_code == 403
        assert stranger.get(f"/api/kernels/{kernel}").status == 403
        xsrf = {"X_XSRFToken": stranger.cookies.get("_xsrf", "")}
        assert stranger.ask("DELETE", f"/api/kernels/{kernel}", **xsrf).status == 403
        assert stranger.post(f"/voila/api/shutdown/{kernel}", {}).status == 403
    assert one.get(f"/api/kernels/{kernel}").json()["id"] == kernel
    assert one.post(f"/voila/api/shutdown/{kernel}", {}).status == 204
    assert one.get(f"/api/kernels/{kernel}").status == 403


def test_without_a_login_or_from_a_foreign_page_no_socket_opens(server):
    one = server.browser("reader1")
    kernel = one.open_page("reading")
    with pytest.raises(websocket.WebSocketBadStatusException) as nobody:
        Browser(server.port).socket(kernel)
    assert nobody.value.status_code == 403
    with pytest.raises(websocket.WebSocketBadStatusException) as foreign:
        one.socket(kernel, origin="http://evil.example")
    assert foreign.value.status_code in (403, 404)


def test_code_sent_by_a_browser_is_not_executed(server, tmp_path):
    one = server.browser("reader1")
    page = one.get("/wb/page/reading").text
    line, mark = one.socket(kernel_in(page)), tmp_path / "executed"
    code = f"open({str(mark)!r}, 'w').close()"
    content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}  # fmt: skip
    line.send(message("execute_request", content))
    control = json.loads(message("execute_request", content))
    line.send(json.dumps({**control, "channel": "control"}))
    line.send(message("debug_request", {"type": "request", "command": "initialize"}))
    assert ask_widget(line, widget_of(page), "who").startswith("reader1")  # all before was handled
    assert not mark.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/voila/files/secret.png", "/voila/static/voila.js", "/files/secret.png", "/secret.png",
        "/api/kernels", "/api/kernelspecs", "/api/contents", "/api/contents/reading.ipynb",
        "/voila/api/contents/", "/api/terminals", "/api/sessions", "/voila/tree", "/tree",
        "/voila/render/secret.ipynb", "/voila/query/00000000-0000-0000-0000-000000000000",
        "/wb/static/../app.py", "/wb/static/%2e%2e/app.py", "/wb/static/.hidden",
        "/wb/internal/owner/00000000-0000-0000-0000-000000000000",
        "/voila/execution/00000000-0000-0000-0000-000000000000", "/metrics", "/api/status",
    ],
)  # fmt: skip
def test_what_is_not_ours_is_not_there_logged_in_or_not(server, path):
    for one in (Browser(server.port), server.browser("reader1")):
        assert one.get(path).status in (403, 404)


def test_a_failing_page_says_so_without_values_and_so_does_the_log(server):
    page = server.browser("nurse1").get("/wb/page/clinic").text
    assert "页面出错,请刷新" in page
    log = server.log.read_text()
    for text in (page, log):
        assert "SECRET-NAME" not in text
        assert "Traceback" not in text
    assert "KeyError" in log


def test_template_and_theme_cannot_be_chosen_from_outside(server):
    page = server.browser("reader1").get("/wb/page/reading?template=classic&theme=light").text
    assert "theme-dark.css" in page


def test_a_page_needs_nothing_from_outside(server):
    one = server.browser("reader1")
    for text in (one.get("/wb/page/reading").text, one.get("/login").text, one.get("/home").text):
        assert "http://" not in text.replace("http://127.0.0.1", "")
        assert "https://" not in text
        assert "//cdn" not in text


def test_the_scripts_of_a_page_are_there_without_a_login_and_cached_for_ever(server):
    page = server.browser("reader1").get("/wb/page/reading").text
    paths = [p.split('"')[0] for p in page.split('src="')[1:] + page.split('<link rel="stylesheet" href="')[1:]]  # fmt: skip
    assert len(paths) == 5
    for path in paths:
        answer = Browser(server.port).get(path)
        assert (answer.status, "immutable" in answer.headers["Cache-Control"]) == (200, True), path


@pytest.mark.parametrize(("name", "room"), [("reader1", "people"), ("nurse1", "reading"), ("boss", "clinic"), ("student", "quality")])  # fmt: skip
def test_a_room_is_closed_to_other_roles_and_the_try_is_written_down(server, station, name, room):
    answer = server.browser(name).get(f"/wb/page/{room}")
    assert answer.status == 403
    assert "此页面不对您的角色开放" in answer.text
    with station.store.look() as conn:
        query = sa.select(audit.c.actor).where(
            audit.c.act == "room.refused", audit.c.object == f"room/{room}"
        )
        assert name in conn.execute(query).scalars().all()


def test_a_trainee_is_told_about_the_notebooks(server):
    answer = server.browser("student").get("/")
    assert answer.status == 200
    assert "make lab" in answer.text


def test_an_account_closed_by_somebody_else_loses_its_open_page(server, station):
    one = server.browser("reader2")
    page = one.get("/wb/page/reading").text
    line = one.socket(kernel_in(page))
    assert ask_widget(line, widget_of(page), "who").startswith("reader2")
    accounts.deactivate(station, console.operator("test"), "reader2")
    wait_until_closed(line)
    assert one.get("/wb/alive").status == 401


def test_a_killed_kernel_closes_its_page_and_is_not_begun_anew(server):
    one = server.browser("reader1")
    page = one.get("/wb/page/reading").text
    kernel = kernel_in(page)
    line = one.socket(kernel)
    os.kill(_pid_of(kernel), 9)
    wait_until_closed(line)
    assert one.get(f"/api/kernels/{kernel}").status == 403


def _pid_of(kernel):
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_text()
        except OSError:
            continue  # ended meanwhile
        if f"kernel-{kernel}" in line:
            return int(entry.parent.name)
    raise AssertionError(f"no process of kernel {kernel}")
