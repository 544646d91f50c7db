"""Logging in and out, against a real server."""

def test_the_login_page_is_chinese_and_switches_to_english(server):
    one = server.browser()
    chinese = one.get("/login").text
    assert "登录" in chinese
    assert "本软件未取得医疗器械注册证" in chinese
    english = one.get("/login?lang=en").text
    assert "not a registered medical device" in english
    assert "登录" not in english
