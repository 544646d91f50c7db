"""Logging in and out, against a real server."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from tests.server.conftest import PASSWORD
from workbench.domain.actor import Role
from workbench.server.doors import own_path
from workbench.store.database import address
from workbench.store.schema import account, audit, login_failure, session
from workbench.workflow import accounts, console, sessions
from workbench.workflow.accounts import NewAccount

NEW = "another long phrase"


def acts(station):
    with station.store.look() as conn:
        return list(conn.execute(sa.select(audit.c.act).order_by(audit.c.at)).scalars())


def sessions_of(station, name):
    with station.store.look() as conn:
        query = sa.select(sa.func.count()).where(session.c.username == name)
        return conn.execute(query).scalar_one()


def test_the_login_page_is_chinese_and_switches_to_english(server):
    one = server.browser()
    chinese = one.get("/login").text
    assert "登录" in chinese
    assert "本软件未取得医疗器械注册证；算法提示仅供参考，须由执业医师复核" in chinese
    assert "演示" in chinese
    english = one.get("/login?lang=en").text
    assert "not a registered medical device" in english
    assert "登录" not in english


def test_the_login_page_of_a_home_without_accounts_says_so_and_what_to_do(
    server, station, settings
):
    one = server.browser()
    assert "还没有任何账号" not in one.get("/login").text
    owner = sa.create_engine(address(settings.database_owner_url), poolclass=NullPool)
    with owner.begin() as conn:
        people = conn.execute(sa.select(account)).mappings().all()
        conn.execute(account.delete())
    try:
        chinese, english = one.get("/login").text, one.get("/login?lang=en").text
    finally:
        with owner.begin() as conn:
            conn.execute(account.insert(), [dict(person) for person in people])
    assert "还没有任何账号" in chinese
    assert "workbench user add" in chinese
    assert "Nobody has an account here yet." in english


def test_a_session_cookie_tells_nothing_and_only_its_digest_is_stored(server, station):
    one = server.browser()
    answer = one.log_in("reader1")
    assert (answer.status, answer.headers["Location"]) == (302, "/")
    cookie = next(c for c in answer.headers.get_all("Set-Cookie") if c.startswith("workbench-"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    token = one.cookies[f"workbench-{server.port}"]
    with station.store.look() as conn:
        stored = conn.execute(sa.select(session.c.digest)).scalar_one()
    assert stored == sessions.digest_of(token)
    assert token not in stored
    assert one.get("/").headers["Location"] == "/wb/page/reading"


def test_nobody_gets_in_with_a_wrong_password_a_closed_account_or_after_the_leave_date(
    server, station
):
    me, boss, before = (
        console.operator("test"),
        server.browser(),
        acts(station).count("session.refused"),
    )
    accounts.deactivate(station, me, "reader2")
    person = accounts.actor_of(station, "qa1")
    accounts.change(station, me, person, station.today() - timedelta(days=1))
    answers = [
        boss.log_in(name, password)
        for name, password in [
            ("reader1", "wrong wrong wrong"), ("nobody", PASSWORD), ("reader2", PASSWORD),
            ("qa1", PASSWORD), ("reader1' OR 1=1 --", "x"), ("a\x00b", "x"),
        ]
    ]  # fmt: skip
    assert {a.status for a in answers} == {401}
    assert all("用户名或密码错误" in a.text for a in answers)
    assert acts(station).count("session.refused") == before + 6


def test_after_five_failures_even_the_right_password_waits_and_the_page_says_how_long(
    server, station
):
    guesser, doctor = server.browser(), server.browser()
    for _ in range(5):
        assert guesser.log_in("reader1", "guess guess guess").status == 401
    refused = doctor.log_in("reader1")
    assert refused.status == 429
    assert "分钟后再试" in refused.text
    assert 840 < int(refused.headers["Retry-After"]) <= 901
    assert server.browser().log_in("reader2").status == 302  # others are not shut out
    with station.store.change() as conn:  # the window passes
        early = datetime.now(UTC) - timedelta(minutes=16)
        conn.execute(login_failure.update().values(at=early))
    assert doctor.log_in("reader1").status == 302


def test_a_failure_elsewhere_does_not_lock_the_doctor_out_here(station):
    for _ in range(5):
        with pytest.raises(sessions.LoginRefused):
            sessions.log_in(station, "reader1", "guess guess", "10.0.0.9")
    with pytest.raises(sessions.TooManyFailures):
        sessions.log_in(station, "reader1", PASSWORD, "10.0.0.9")
    assert sessions.log_in(station, "reader1", PASSWORD, "10.0.0.1").actor.username == "reader1"


def test_a_silent_session_and_an_old_one_end(server, station):
    one = server.browser("reader1")
    assert one.get("/home").status == 200
    now = datetime.now(UTC)
    for silent, old in [
        (timedelta(minutes=481), timedelta(0)),
        (timedelta(0), timedelta(hours=25)),
    ]:
        assert one.log_in("reader1").status == 302
        with station.store.change() as conn:
            conn.execute(session.update().values(seen_at=now - silent, started_at=now - old))
        answer = one.get("/home")
        assert answer.status == 302
        assert answer.headers["Location"].startswith("/login?next=")
    assert sessions.sweep(station) >= 1


def test_logging_out_needs_a_click_and_forgets_the_session(server, station):
    one = server.browser("reader1")
    kept = dict(one.cookies)
    assert one.get("/logout").status == 200
    assert sessions_of(station, "reader1") == 1
    assert one.post("/logout", {}).headers["Location"] == "/login"
    assert sessions_of(station, "reader1") == 0
    one.cookies = kept
    assert one.get("/home").status == 302
    assert "session.end" in acts(station)


def test_a_form_without_its_token_is_refused(server):
    one = server.browser("reader1")
    one.cookies["_xsrf"] = "2|00000000|00000000000000000000000000000000|1"
    answer = one.ask(
        "POST", "/logout", b"_xsrf=wrong", Content_Type="application/x-www-form-urlencoded"
    )
    assert answer.status == 403
    evil = one.post("/logout", {}, Origin="http://evil.example")
    assert evil.status == 404
    assert one.get("/home").status == 200


def test_the_first_password_must_be_changed_before_anything_else(server, station):
    accounts.add(
        station,
        console.operator("test"),
        NewAccount(
            username="new1", name="新人", role=Role.READER, site_code="C1", password=PASSWORD
        ),
    )
    one, other = server.browser(), server.browser()
    assert one.log_in("new1").headers["Location"] == "/password"
    assert other.log_in("new1").status == 302
    for path in ("/", "/home", "/wb/page/reading"):
        assert one.get(path).headers["Location"] == "/password"
    assert one.get("/wb/display/x/preview").status == 403
    tries = {
        ("wrong old one", NEW, NEW): "原密码不正确",
        (PASSWORD, "short", "short"): "应为 10 至 256 个",
        (PASSWORD, "new1new1xx", "new1new1xx"): None,
        (PASSWORD, PASSWORD, PASSWORD): "与旧密码相同",
        (PASSWORD, "aaaaaaaaaaaa", "aaaaaaaaaaaa"): "只重复了少数几个字符",
        (PASSWORD, NEW, NEW + "x"): "不一致",
    }
    for (old, new, again), words in tries.items():
        if words:
            answer = one.post("/password", {"old": old, "new": new, "again": again})
            assert (answer.status, words in answer.text) == (422, True), answer.text
    done = one.post("/password", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert (done.status, done.headers["Location"]) == (302, "/")
    assert one.get("/home").status == 200
    assert other.get("/home").status == 302  # the other login ended
    assert server.browser().log_in("new1", PASSWORD).status == 401
    assert server.browser().log_in("new1", NEW).headers["Location"] == "/"


def test_a_page_left_open_is_no_place_to_guess_the_password(server, station):
    one, other = server.browser("reader1"), server.browser("reader2")
    guesses = [
        one.post("/password", {"old": f"guess {n}", "new": NEW, "again": NEW}) for n in range(6)
    ]
    assert [g.status for g in guesses] == [422] * 5 + [429]
    assert "分钟" in guesses[-1].text
    waits = one.post("/password", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert waits.status == 429  # now the right one waits too
    for _ in range(6):  # a right one is no guess, whatever is wrong with the new one
        short = other.post("/password", {"old": PASSWORD, "new": "short", "again": "short"})
        assert short.status == 422
    assert server.browser().log_in("reader1").status == 302  # the door itself stays open


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("/wb/page/reading?exam=e1", "/wb/page/reading?exam=e1"), ("//evil.example", "/"),
        ("https://evil.example", "/"), ("/\\evil.example", "/"), ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"), ("", "/"), ("/logout", "/"), ("///evil.example", "/"),
    ],
)  # fmt: skip
def test_after_login_only_own_paths_are_gone_to(wanted, goes):
    assert own_path(wanted) == goes


def test_a_closed_account_loses_its_session_at_once_and_the_last_admin_stays(server, station):
    one = server.browser("reader1")
    me = console.operator("test")
    accounts.deactivate(station, me, "reader1")
    assert one.get("/home").status == 302
    with pytest.raises(accounts.LastAdmin, match="boss"):
        accounts.deactivate(station, me, "boss")
    assert "account.close" in acts(station)


def test_an_act_on_people_is_refused_to_others_and_leaves_no_trace(station):
    before = acts(station)
    reader = accounts.actor_of(station, "reader1")
    with pytest.raises(Exception, match=r"may not people\.manage"):
        accounts.deactivate(station, reader, "boss")
    assert acts(station) == before


def test_every_answer_carries_the_headers_that_keep_the_page_inside(server):
    one = server.browser("reader1")
    for path in ("/login", "/home", "/nothing", "/wb/static/pages.css"):
        head = one.get(path).headers
        assert head["X-Content-Type-Options"] == "nosniff"
        assert head["Referrer-Policy"] == "same-origin"
        assert "frame-ancestors 'self'" in head["Content-Security-Policy"]
        assert "Server" not in head or "Tornado" not in head["Server"]
