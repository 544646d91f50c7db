"""A command explains itself, and refuses what was typed, in the language of the terminal."""

import re
import socket
import subprocess
import sys

import pytest
from typer.main import get_command

from workbench.cli.main import application
from workbench.cli.supervisor import GIVES_UP
from workbench.cli.usage import call
from workbench.language import catalogue

CHINESE = {"LC_ALL": "zh_CN.UTF-8"}
SENTENCE = re.compile(r"[A-Za-z]+ [a-z]+ [a-z]+")  # three words in a row
COMMAND = re.compile(r"workbench( [a-z]+)*")


def english_in(text):
    """English by accident: what is no name of a command."""
    return SENTENCE.search(COMMAND.sub("", text))


def helps(command):
    yield command.help
    yield from (one.help for one in command.params if getattr(one, "help", None))
    for each in getattr(command, "commands", {}).values():
        yield from helps(each)


def test_every_help_text_has_its_translation():
    words = catalogue("zh_CN")
    assert sorted({text for text in helps(get_command(application())) if text not in words}) == []


@pytest.mark.parametrize("command", [(), ("serve",), ("audit", "verify")])
def test_help_is_chinese_where_the_terminal_is(monkeypatch, capsys, command):
    monkeypatch.setenv("LC_ALL", CHINESE["LC_ALL"])
    assert call(application(), [*command, "--help"]) == 0
    out = capsys.readouterr().out
    assert "用法" in out
    assert not english_in(out), out


@pytest.mark.parametrize(
    ("typed_words", "says"),
    [
        (("restore", "/nowhere/backup"), "找不到 /nowhere/backup"),
        (("import", "/nowhere/film.dcm", "--site", "T01"), "找不到 /nowhere/film.dcm"),
        (("audit", "verify", "--heads", "/nowhere"), "找不到 /nowhere"),
        (("import", "--site", "T01"), "缺少参数"),
        (("import", "."), "缺少选项"),
        (("serve", "--port", "many"), "应为整数"),
        (("sevre",), "没有命令 sevre"),
        (("serve", "--prot", "1"), "没有选项 --prot"),
        (("screen", "x", "--profile", "moon"), "national"),
    ],
)
def test_a_wrong_word_is_one_line_with_the_next_step(
    monkeypatch, capsys, tmp_path, typed_words, says
):
    home = tmp_path / "home"
    monkeypatch.setenv("WORKBENCH_HOME", str(home))
    monkeypatch.setenv("LC_ALL", CHINESE["LC_ALL"])
    assert call(application(), typed_words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    [line] = err.splitlines()
    assert says in line
    assert not english_in(line), line
    assert not home.exists(), "nothing may be begun"
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert call(application(), typed_words) == 2
    english = capsys.readouterr().err
    assert re.search(r"check name|--help|expected", english), english
    assert not re.search("[\u4e00-\u9fff]", english)


def test_a_taken_port_is_said_in_chinese_with_the_option_that_helps(typed, grounds):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        done = typed("serve", "--no-browser", "--port", port, home=grounds() / "home", **CHINESE)
    assert done.code == GIVES_UP
    [line] = done.err.splitlines()
    assert f"端口 {port}（已被占用）" in line
    assert "--port" in line
    assert not english_in(line), line


def test_doctor_and_a_home_that_nobody_founded_speak_chinese(typed, home):
    said = typed("doctor", home=home, **CHINESE).out
    assert "数据库: 内置，未运行" in said
    for line in said.splitlines():
        assert re.search("[\u4e00-\u9fff]", line), line
        assert not re.match("(ok|FAIL)", line), line
    done = typed("simulate", "--exams", "10", home=home, **CHINESE)
    assert (done.code, done.out) == (2, "")
    assert "workbench serve --demo" in done.err
    assert not english_in(done.err), done.err
    whole = typed("audit", "verify", home=home, **CHINESE)
    assert whole.code == 0
    assert "0 条链、0 行，均完整" in whole.out


def test_a_command_loads_what_it_needs_and_nothing_else():
    code = (
        "import sys; from workbench.cli.main import application; application(['worklist']);"
        "print(*(name for name in ('workbench.cli.exams', 'workbench.cli.models', 'scipy.signal',"
        " 'skimage', 'onnxruntime', 'highdicom') if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["workbench.cli.exams"]
