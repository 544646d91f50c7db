"""Sentences of the script on the check page of a screen, for the catalogues."""


def _(source: str) -> str:
    """Mark a sentence for extraction; the page translates it."""
    return source


CHECK_TEXTS = (
    _("Calibrate"),
    _("Calibrate this screen"),
    _("Cancel"),
    _("Card"),
    _("Card, short side"),
    _("Half a pixel"),
    _(
        "Hold a bank or identity card, or a ruler, against the screen and move the slider until "
        "the box is exactly as wide. Once per screen; it is remembered for you."
    ),
    _("Measured with"),
    _("Ruler"),
    _("This is right"),
    _("This screen was not checked yet."),
    _("Width of the card"),
)
