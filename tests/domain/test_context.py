import pytest

from workbench.domain.context import PatientContext
from workbench.domain.errors import Invalid
from workbench.domain.order import Known


def test_nothing_is_assumed_of_a_patient():
    nobody = PatientContext()
    assert (nobody.age_years, nobody.sex, nobody.potassium) == (None, None, None)
    assert nobody.syncope is Known.UNKNOWN
    assert nobody.profile == "national"


@pytest.mark.parametrize(
    "fact", [{"age_years": -1}, {"age_years": 126}, {"sex": "男"}, {"potassium": 45.0}]
)
def test_impossible_facts_are_refused(fact):
    with pytest.raises(Invalid, match="expected"):
        PatientContext(**fact)
