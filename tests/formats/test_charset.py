"""Names: right under a true label, rescued and told under a false one, never mojibake."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workbench.formats.charset import decode, person_name, rescue

COMMON = [bytes((a, b)).decode("gb2312") for a in range(0xB0, 0xD7) for b in range(0xA1, 0xFE)]
RARE = list("镕喆堃赟玥昇旸濮虹波骁嵘琰頔")


def is_utf8(raw):
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


NAMES = st.text(st.sampled_from(COMMON), min_size=2, max_size=4)


@given(NAMES, st.sampled_from(["ISO_IR 100", "", "ISO_IR 6", "ISO_IR 192", "ISO_IR 999"]))
def test_a_gb_name_under_a_false_label_is_rescued_and_told(name, label):
    raw = name.encode("gb18030")
    # a few GB names are also what the label promises: nothing in the file says otherwise then
    assume(label != "ISO_IR 192" or not is_utf8(raw))
    found = decode(raw, [label])
    assert (found.text, found.repaired, found.damaged) == (name, True, False)


def test_gb_bytes_that_keep_the_promise_of_a_utf8_label_are_believed():
    raw = "一一".encode("gb18030")
    assert is_utf8(raw)
    found = decode(raw, ["ISO_IR 192"])
    assert (found.text, found.repaired) == (raw.decode("utf-8"), False)


@given(NAMES, st.sampled_from(["ISO_IR 100", "", "ISO_IR 6"]))
def test_a_utf8_name_under_a_latin_label_is_rescued_and_told(name, label):
    assert decode(name.encode("utf-8"), [label]).text == name


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=8))
def test_a_true_label_is_always_believed(name):
    for codec, label in (("gb18030", "GB18030"), ("gb18030", "gb18030"), ("utf-8", "ISO_IR 192")):
        found = decode(name.encode(codec), [label])
        assert (found.text, found.repaired) == (name, False)


@given(st.text(st.sampled_from(RARE), min_size=2, max_size=3))
def test_rare_characters_are_believed_under_a_true_label(name):
    assert decode(name.encode("gb18030"), ["GB18030"]).text == name


def test_a_gb_name_that_is_also_valid_utf8_is_still_read_as_gb():
    raw = "濮虹波".encode("gb18030")
    assert raw.decode("utf-8") != "濮虹波"  # valid, and wrong
    assert decode(raw, ["ISO_IR 100"]).text == "濮虹波"


@pytest.mark.parametrize("name", ["Buc^Jérôme", "Äneas^Rüdiger", "MÜLLER^GÜNTHER", "Noël^Zoé"])
def test_a_european_name_under_a_latin_label_stays_european(name):
    found = decode(name.encode("latin_1"), ["ISO_IR 100"])
    assert (found.text, found.repaired) == (name, False)


@given(st.binary(max_size=60), st.sampled_from(["ISO_IR 100", "", "GB18030", "ISO_IR 192", "x"]))
def test_any_bytes_decode_to_something_without_an_escape(raw, label):
    assert "\x1b" not in decode(raw, [label]).text


@given(st.binary(max_size=40))
def test_bytes_that_are_no_text_are_called_damaged_or_repaired(raw):
    found = rescue(raw)
    assert found.repaired or raw.isascii() or not raw
    assert found.damaged == ("\ufffd" in found.text and not _has_fffd(raw))


def _has_fffd(raw: bytes) -> bool:
    try:
        return "\ufffd" in raw.decode("gb18030") or "\ufffd" in raw.decode("utf-8")
    except UnicodeDecodeError:
        return False


@pytest.mark.parametrize(
    ("raw", "labels", "text"),
    [
        (b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=", ["", "ISO 2022 IR 58"],
         "Zhang^XiaoDong=张^小东="),
        (b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B", ["", "ISO 2022 IR 87"],
         "Yamada^Tarou=山田^太郎"),
        (b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J",
         ["ISO 2022 IR 13", "ISO 2022 IR 87"], "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎"),
        (b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7", ["", "ISO 2022 IR 149"],
         "Hong^Gildong=洪^吉洞"),
        (b"\xb2\xe2\xca\xd4", ["ISO 2022 IR 58"], "测试"),
    ],
)  # fmt: skip
def test_escapes_of_the_standard_are_followed_and_leave_nothing_behind(raw, labels, text):
    found = decode(raw, labels)
    assert (found.text, found.repaired) == (text, False)


@pytest.mark.parametrize(
    ("decoded", "shown"),
    [("Zhang^San=张^三", "张三"), ("张^三", "张三"), ("Buc^Jérôme", "Buc Jérôme"), ("", ""),
     ("王小东", "王小东"), ("Hong^Gildong=洪^吉洞=홍^길동", "洪吉洞"), ("^^=", "")],
)  # fmt: skip
def test_a_name_is_shown_in_characters_where_the_file_has_them(decoded, shown):
    assert person_name(decoded) == shown


def test_real_names_of_six_false_and_true_labels_read_as_printed(shared):
    from workbench.formats.dicom_file import open_file
    from workbench.formats.dicom_header import header_of

    repaired = []
    for number in range(1, 7):
        path = next((shared / "dr" / "derived").glob(f"0{number}_*.dcm"))
        header, flags, _ = header_of(open_file(path.read_bytes(), pixels=False), None)
        assert header.name == f"测试患者0{number - 1}"
        repaired.append(header.name_repaired)
        assert ("charset_repaired" in flags) == header.name_repaired
    assert repaired == [False, False, False, True, True, True]
