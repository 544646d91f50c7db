"""A printed report says everything it was given, on paper a clinic can keep."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from workbench.domain.kinds import ExamKind
from workbench.domain.report import Certainty, Side
from workbench.domain.report_page import (
    PageAddendum,
    PageAlert,
    PageCode,
    PageMark,
    PagePatient,
    PageSignature,
    PageTimes,
    ReportPage,
)
from workbench.formats.report_pdf import render_report
from workbench.formats.typeset import CannotPrint
from workbench.language import translator

ZH, EN = translator("zh_CN"), translator("en")
T0 = datetime(2026, 11, 22, 2, 31, 5, tzinfo=UTC)
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
MM = 72 / 25.4
DISCLAIMER = "算法提示未经医疗器械注册，仅供参考；诊断结论由签署医师负责。"

reading_pdf = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext is not installed (poppler-utils)"
)


def make_page(**changes):
    page = ReportPage(
        kind=ExamKind.DR,
        mark=PageMark.FINAL,
        examining="龙泉乡卫生院",
        reading="清河县人民医院",
        patient=PagePatient(name="李秀英", local_id="LQ017", sex="F", age_years=56.4),
        accession="DR2611220017",
        body_part="胸部正位",
        reason="咳嗽、发热三天。",
        findings="右侧胸腔内可见无肺纹理透亮区。",
        impression="右侧张力性气胸。",
        coded=(
            PageCode(code="DR001", text="张力性气胸", side=Side.RIGHT),
            PageCode(
                code="DR109", text="急性肋骨骨折", side=Side.RIGHT, certainty=Certainty.NOT_EXCLUDED
            ),
        ),
        signature=PageSignature(
            name="王建国", licence_number="110451225", signed_at=T0 + timedelta(minutes=4)
        ),
        times=PageTimes(
            exam_start=T0 - timedelta(minutes=1),
            exam_end=T0,
            received=T0 + timedelta(seconds=72),
            released=T0 + timedelta(minutes=6),
        ),
        digest=DIGEST,
    )
    return replace(page, **changes)


def jpeg(width=300, height=360):
    data = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).save(data, "JPEG")
    return data.getvalue()


def poppler(program, *options, data):
    run = subprocess.run([program, *options, "-", "-"], input=data, capture_output=True, check=True)
    return run.stdout.decode("utf-8")


def squeezed(text):
    """Without the spaces that a reader of PDFs guesses from gaps."""
    return re.sub(r"\s", "", text)


def words_of(page, translate=ZH):
    return squeezed(poppler("pdftotext", "-raw", data=render_report(page, translate).data))


def sheets_of(page, translate=ZH):
    text = poppler("pdftotext", "-raw", data=render_report(page, translate).data)
    return [squeezed(sheet) for sheet in text.split("\f") if sheet.strip()]


@reading_pdf
def test_everything_given_can_be_read_back_from_the_file():
    said = words_of(make_page(comparison="与2026-05-01片比较，为新发。"))
    for part in (
        "清河县人民医院",
        "影像诊断报告单",
        "检查机构：龙泉乡卫生院",
        "诊断机构：清河县人民医院",
        "姓名：李秀英",
        "性别：女",
        "年龄：56岁",
        "患者编号：LQ017",
        "检查号：DR2611220017",
        "检查部位：胸部正位",
        "检查时间：2026-11-2210:30",
        "报告时间：2026-11-2210:35",
        "申请原因：咳嗽、发热三天。",
        "右侧胸腔内可见无肺纹理透亮区。",
        "右侧张力性气胸。",
        "与2026-05-01片比较，为新发。",
        "DR001·张力性气胸·右侧",
        "DR109·急性肋骨骨折·右侧·不除外",
        "报告医师：王建国",
        "执业证书编号：110451225",
        "发布时间：2026-11-2210:37",
        "第1版",
        "2026-11-2210:32:17",
        "6.0分钟",
        "4.8分钟",
        DIGEST,
        DISCLAIMER,
        "本软件未取得医疗器械注册证。",
    ):
        assert part in said, part


@reading_pdf
def test_an_ecg_report_uses_the_words_of_an_ecg():
    said = words_of(make_page(kind=ExamKind.ECG))
    assert "心电图诊断报告单" in said
    assert "心电图特征" in said
    assert "影像" not in said


@reading_pdf
def test_the_english_report_has_no_chinese_label():
    page = make_page(
        examining="Longquan Health Centre",
        reading="Qinghe County Hospital",
        patient=PagePatient(name="Li Xiuying", local_id="LQ017"),
        body_part="Chest PA",
        reason="Cough.",
        findings="Lungs clear.",
        impression="Normal.",
        coded=(),
        signature=None,
    )
    said = words_of(page, EN)
    assert "signingdoctoranswersforthediagnosis" in said
    assert not re.search(r"[\u4e00-\u9fff]", said)


@reading_pdf
def test_what_is_not_known_is_said_to_be_missing():
    page = make_page(
        patient=PagePatient(name="", local_id=""),
        accession="",
        reason="",
        times=PageTimes(),
        signature=None,
    )
    said = words_of(page)
    for part in (
        "姓名：未提供",
        "性别：未提供",
        "年龄：未提供",
        "检查时间：未提供",
        "申请原因：未提供",
        "未签署",
        "未记录",
        "不计算",
    ):
        assert part in said, part


@reading_pdf
def test_an_old_film_sent_again_counts_its_years_in_days():
    page = make_page()
    old = replace(page.times, exam_end=T0 - timedelta(days=11383))
    said = words_of(replace(page, times=old))
    assert "11383天" in said.replace(" ", "")
    assert "16391" not in said


@pytest.mark.parametrize(
    ("years", "said"),
    [
        (0.0, "0天"),
        (0.05, "18天"),
        (0.5, "6个月"),
        (1.99, "23个月"),
        (2.0, "2岁"),
        (56.99, "56岁"),
        (-1.0, "未提供"),
        (None, "未提供"),
    ],
)
def test_small_children_have_their_age_in_months_or_days(years, said):
    patient = PagePatient(name="x", local_id="1", age_years=years)
    assert f"年龄：{said}" in words_of(make_page(patient=patient))


@reading_pdf
def test_a_critical_value_says_who_was_told_when_and_what_they_read_back():
    alert = PageAlert(
        finding="张力性气胸",
        notified_at=T0 + timedelta(minutes=5),
        notifier="王建国",
        receiver="覃芳",
        method="电话",
        read_back="李秀英，右侧张力性气胸",
        acknowledged_at=T0 + timedelta(minutes=8),
    )
    said = words_of(make_page(alerts=(alert, PageAlert(finding="大量气胸"))))
    assert "危急值：张力性气胸2026-11-2210:36由王建国告知覃芳，方式：电话" in said
    assert "复述：李秀英，右侧张力性气胸确认接收时间：2026-11-2210:39" in said
    assert "危急值：大量气胸尚无通知记录。复述：未记录确认接收时间：未记录" in said


@reading_pdf
def test_addenda_stand_below_the_signed_text_in_order():
    signed = PageSignature(name="陈晓梅", licence_number="2", signed_at=T0 + timedelta(hours=2))
    addenda = (
        PageAddendum(version=3, text="第三版文字。", signature=signed),
        PageAddendum(version=2, text="第二版文字。", signature=signed, digest="ab" * 32),
    )
    said = words_of(make_page(addenda=addenda))
    places = [
        said.index(part)
        for part in (
            "右侧张力性气胸。",
            "补充报告（第2版）",
            "第二版文字。",
            "ab" * 32,
            "补充报告（第3版）",
            "第三版文字。",
        )
    ]
    assert places == sorted(places)


@reading_pdf
@pytest.mark.parametrize(
    ("mark", "demo", "shown"),
    [
        (PageMark.FINAL, True, ["演示"]),
        (PageMark.DRAFT, False, ["草稿"]),
        (PageMark.PRELIMINARY, False, ["临时报告"]),
        (PageMark.RETRACTED, False, ["已召回", "作废"]),
        (PageMark.RETRACTED, True, ["已召回", "作废", "演示"]),
    ],
)
def test_every_sheet_carries_its_mark_and_the_disclaimers(mark, demo, shown):
    long = make_page(mark=mark, demo=demo, findings="双肺野透亮度正常。\n" * 120)
    sheets = sheets_of(long)
    assert len(sheets) >= 3
    for number, sheet in enumerate(sheets, start=1):
        assert DISCLAIMER in sheet
        assert f"{number}/{len(sheets)}" in sheet
        assert "李秀英" in sheet
        for part in shown:
            # in the banner and, letter by letter because it is turned, across the sheet
            assert part in sheet, (number, part)
            assert min(map(sheet.count, part)) >= 2, (number, part)


@reading_pdf
def test_a_final_clinical_report_carries_no_mark():
    said = words_of(make_page())
    for part in ("演示", "作废", "草稿", "临时"):
        assert part not in said


@reading_pdf
def test_a_recalled_report_says_when_and_why():
    page = make_page(
        mark=PageMark.RETRACTED,
        retracted_at=T0 + timedelta(hours=3),
        retraction_reason="患者信息登记错误",
    )
    assert "本报告已于2026-11-2213:31召回，作废。原因：患者信息登记错误" in words_of(page)


@reading_pdf
def test_text_is_never_taken_as_markup():
    nasty = (
        r'#panic("x") $x^2$ *a* _b_ `c` #image("/etc/passwd") \ ] } //no <l> @ref "q" -- ... = h'
    )
    page = make_page(
        findings=nasty, impression=nasty, patient=PagePatient(name=nasty, local_id=nasty)
    )
    said = words_of(page)
    assert said.count(squeezed(nasty)) >= 2


@reading_pdf
def test_long_words_and_long_texts_wrap_inside_the_margins_and_lose_nothing():
    page = make_page(
        patient=PagePatient(name="X" * 90, local_id="9" * 64),
        accession="A" * 64,
        examining="E" * 120,
        reason="因" * 400,
        impression="W" * 300,
        digest="",
    )
    result = render_report(page, ZH)
    said = squeezed(poppler("pdftotext", "-raw", data=result.data))
    assert [max(map(len, re.findall(f"{c}+", said))) for c in "XEW"] == [90, 120, 300]
    assert said.count("因") == 401  # one in the label
    boxes = poppler("pdftotext", "-bbox", data=result.data)
    edges = {
        name: [float(at) for at in re.findall(f'{name}="([-0-9.]+)"', boxes)]
        for name in ("xMin", "xMax", "yMin", "yMax")
    }
    assert len(edges["xMin"]) > 50
    assert min(edges["xMin"]) >= 18 * MM - 1
    assert max(edges["xMax"]) <= (210 - 18) * MM + 1
    assert min(edges["yMin"]) >= 0
    assert max(edges["yMax"]) <= 297 * MM


@reading_pdf
def test_a_character_no_font_draws_is_printed_as_its_code_with_a_warning():
    result = render_report(make_page(patient=PagePatient(name="𠮷田", local_id="1")), ZH)
    assert "姓名：〔U+20BB7〕田" in squeezed(poppler("pdftotext", "-raw", data=result.data))
    assert any("U+20BB7" in warning for warning in result.warnings)


@reading_pdf
def test_a_character_only_the_second_font_draws_is_set_in_it():
    result = render_report(make_page(findings="䶸"), ZH)
    fonts = subprocess.run(["pdffonts", "-"], input=result.data, capture_output=True, check=True)
    assert b"NotoSerifSC" in fonts.stdout
    assert "䶸" in poppler("pdftotext", "-raw", data=result.data)
    assert [w for w in result.warnings if "U+4DB8" in w]


@reading_pdf
def test_only_the_shipped_fonts_are_used_and_all_are_embedded():
    data = render_report(make_page(), ZH).data
    rows = subprocess.run(
        ["pdffonts", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    fonts = [row.split() for row in rows.splitlines()[2:]]
    assert fonts
    for font in fonts:
        assert "NotoSansSC" in font[0]
        assert font[-5:-3] == ["yes", "yes"]  # embedded, subset


def test_invisible_characters_that_could_turn_text_around_are_left_out():
    result = render_report(make_page(impression="左\u202e右\u200b侧\x07"), ZH)
    assert {w.split("U+")[1][:4] for w in result.warnings} == {"202E", "200B", "0007"}


def test_a_usual_report_prints_without_a_warning():
    assert render_report(make_page(picture=jpeg()), ZH).warnings == ()


def test_the_file_declares_itself_as_pdf_a_2b():
    data = render_report(make_page(demo=True, picture=jpeg()), ZH).data
    assert data.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part>" in data
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in data


def test_the_same_page_gives_the_same_bytes():
    page = make_page(picture=jpeg())
    first = render_report(page, ZH).data
    render_report(make_page(findings="其他"), EN)  # another one between
    assert render_report(page, ZH).data == first


def test_the_key_image_is_kept_as_it_was_given():
    picture = jpeg()
    scan = picture[picture.index(b"\xff\xda") :]
    assert scan in render_report(make_page(picture=picture), ZH).data
    assert scan not in render_report(make_page(picture=jpeg(320, 320)), ZH).data


@pytest.mark.parametrize("picture", [b"", b"GIF89a....", b"\xff\xd8\xff broken"])
def test_a_picture_that_cannot_be_shown_is_an_error_and_not_a_blank(picture):
    with pytest.raises(CannotPrint, match="could not be printed"):
        render_report(make_page(picture=picture), ZH)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_at_all_can_be_printed(name, findings):
    page = make_page(
        patient=PagePatient(name=name, local_id="1"), findings=findings, impression=name
    )
    assert render_report(page, ZH).data.startswith(b"%PDF")
