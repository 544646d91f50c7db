"""What a case tells of the screening: once for images of which the same is said, each named."""

from tests import make


def test_two_like_images_have_one_screening_card_that_names_both(browse, screened):
    screened(make.make_film(study="1.5", uid="1.5.1"))
    key = screened(make.make_film(study="1.5", uid="1.5.2", turned=True))
    browser = browse("reader", "reading")
    browser.ask("open", key=key)
    [card] = browser.page.case["prompts"]
    assert [image.split()[0] for image in card["images"]] == ["1/2", "2/2"]


def test_images_of_which_something_else_is_said_keep_a_card_each_with_their_name(browse, screened):
    screened(make.make_film(study="1.5", uid="1.5.1"))
    key = screened(make.make_film(study="1.5", uid="1.5.2", size=(24, 20)))
    browser = browse("reader", "reading")
    browser.ask("open", key=key)
    cards = browser.page.case["prompts"]
    assert sorted(image.split()[0] for card in cards for image in card["images"]) == ["1/2", "2/2"]
    assert len(cards) == 2


def test_the_card_of_an_only_image_needs_no_name(browse, screened):
    browser = browse("reader", "reading")
    browser.ask("open", key=screened(make.make_film()))
    [card] = browser.page.case["prompts"]
    assert card["images"] == []


def test_the_quality_sheet_stands_on_the_card_with_what_was_lost_first(browse, screened):
    browser = browse("reader", "reading")
    browser.ask("open", key=screened(make.make_film(size=(600, 500))))
    [card] = browser.page.case["prompts"]
    rows = {row["code"]: row for row in card["sheet"]["rows"]}
    assert rows["identity"]["label"] == "身份信息"
    assert (rows["marker"]["judged"], rows["marker"]["points"]) == (False, "")
    assert rows["clipping"]["evidence"] == "高低两端均无灰阶截断"
    lost = [row["lost"] for row in card["sheet"]["rows"]]
    assert lost == sorted(lost, reverse=True)
    assert [row["judged"] for row in card["sheet"]["rows"]][-1] is False


def test_the_same_picture_under_another_patient_is_said_on_the_card(browse, screened):
    screened(make.make_film(study="1.5", uid="1.5.1"))
    key = screened(make.make_film(study="1.6", uid="1.6.1", local_id="P2", name="李^四"))
    browser = browse("reader", "reading")
    browser.ask("open", key=key)
    [card] = browser.page.case["prompts"]
    said = {row["code"]: row for row in card["quality"]}
    assert said["DR908"]["label"] == "疑似患者错误：同一影像出现在另一患者名下"
    assert said["DR908"]["evidence"].startswith("本机构另一患者名下已有同一影像；")
