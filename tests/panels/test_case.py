"""What a case tells of the screening: once for images of which the same is said, each named."""

from tests import make


def test_two_like_images_have_one_screening_card_that_names_both(browse, screened):
    screened(make.make_film(study="1.5", uid="1.5.1"))
    key = screened(make.make_film(study="1.5", uid="1.5.2", shade=1))
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
