"""The display shutter of a film (PS3.3 C.7.6.11): what of it is shown."""

from workbench.domain.image import Shutter, Spacing
from workbench.formats.elements import Elements
from workbench.formats.modality import Remarks
from workbench.radiograph.shutter import spans

EDGES = ("LeftVertical", "RightVertical", "UpperHorizontal", "LowerHorizontal")
FORMS = {"RECTANGULAR", "CIRCULAR", "POLYGONAL"}


def shutter_of(
    e: Elements, shape: tuple[int, ...], spacing: Spacing, remarks: Remarks
) -> Shutter | None:
    """The forms that can be applied; each that cannot is told. None when nothing is hidden."""
    named = [form for form in e.text("ShutterShape").upper().split("\\") if form]
    for form in named:
        if form not in FORMS:  # a bitmap is an overlay, which is not drawn here
            remarks.append(
                ("shutter_not_applied", f"a {form} shutter is not applied: all is shown")
            )
    found = Shutter(
        rectangle=_rectangle(e, shape, remarks) if "RECTANGULAR" in named else None,
        circle=_circle(e, spacing, remarks) if "CIRCULAR" in named else None,
        polygon=_polygon(e, remarks) if "POLYGONAL" in named else (),
    )
    if found == Shutter():
        return None
    if not any(spans(found, row, shape[1]) for row in range(1, shape[0] + 1)):
        remarks.append(("bad_shutter", "the shutter leaves nothing of the film; not applied"))
        return None
    return found


def _rectangle(
    e: Elements, shape: tuple[int, ...], remarks: Remarks
) -> tuple[int, int, int, int] | None:
    edges = [e.number(f"Shutter{edge}Edge") for edge in EDGES]
    if any(v is None for v in edges):
        remarks.append(("bad_shutter", "a rectangular shutter without its four edges; not applied"))
        return None
    left, right, upper, lower = (int(v or 0) for v in edges)
    if not (0 <= left < right <= shape[1] + 1 and 0 <= upper < lower <= shape[0] + 1):
        remarks.append(
            ("bad_shutter", f"shutter {left}, {right}, {upper}, {lower} lies outside; not applied")
        )
        return None
    return left, right, upper, lower


def _circle(
    e: Elements, spacing: Spacing, remarks: Remarks
) -> tuple[float, float, float, float] | None:
    centre, radius = e.numbers("CenterOfCircularShutter"), e.number("RadiusOfCircularShutter")
    if len(centre) < 2 or radius is None or radius <= 0:
        note = "a circular shutter without a centre and a radius; not applied"
        remarks.append(("bad_shutter", note))
        return None
    # The radius counts columns; where rows are higher than columns are wide, it is fewer rows
    row_mm, column_mm = spacing.row_mm, spacing.column_mm
    aspect = row_mm / column_mm if row_mm and column_mm else 1.0
    return centre[0], centre[1], radius, aspect


def _polygon(e: Elements, remarks: Remarks) -> tuple[tuple[float, float], ...]:
    numbers = e.numbers("VerticesOfThePolygonalShutter")
    corners = tuple(zip(numbers[::2], numbers[1::2], strict=False))
    if len(corners) < 3 or len(numbers) % 2:
        note = "a polygonal shutter without three corners or more; not applied"
        remarks.append(("bad_shutter", note))
        return ()
    return corners
