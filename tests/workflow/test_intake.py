"""Files that a person brings: nothing is filed halfway because of the request beside it."""

import pytest

from tests import make
from workbench.domain.errors import NotFound
from workbench.workflow import intake, orders
from workbench.workflow.arrivals import Filing


def test_an_upload_for_another_institutions_request_files_nothing(county):
    other = orders.place(county, make.OTHER_CLINIC, make.make_order(site_code="T02"))
    files = make.laid(county.blobs.temporary_folder, **{"a.dcm": make.make_film()})
    with pytest.raises(NotFound):
        intake.upload(county, make.CLINIC, files, other.id)
    assert files["a.dcm"].exists()


def test_a_file_that_does_not_fit_the_request_is_filed_and_the_rest_comes_too(county):
    order = orders.place(county, make.CLINIC, make.make_order())
    files = make.laid(
        county.blobs.temporary_folder,
        **{"a-ecg.dcm": make.make_ecg_file(), "b-film.dcm": make.make_film()},
    )
    found = dict(intake.upload(county, make.CLINIC, files, order.id))
    assert {o.filing for o in found.values()} == {Filing.FILED}
    assert "kind of exam" in found["a-ecg.dcm",].reason
    [joined] = orders.own(county, make.CLINIC)
    assert joined.exam_id == found["b-film.dcm",].exam_id
