"""Write the key images of a signed version as a Key Object Selection document (PS3.3 A.35.4)."""

from collections.abc import Sequence

from highdicom.ko import KeyObjectSelection, KeyObjectSelectionDocument
from highdicom.sr import ObserverContext, PersonObserverIdentifyingAttributes
from pydicom.sr.codedict import codes

from workbench.domain.errors import Invalid
from workbench.formats.writers.mark_parts import FilmSource, Origin, contents, finished


def key_object(films: Sequence[FilmSource], origin: Origin) -> tuple[str, bytes]:
    """SOP instance UID and file of a selection "of interest" of these films."""
    if not films:
        raise Invalid("key images", "none", "at least one film an object can refer to")
    evidence = [f.dataset for f in films]
    content = KeyObjectSelection(
        document_title=codes.DCM.OfInterest,
        referenced_objects=evidence,
        observer_person_context=person(origin),
    )
    ds = KeyObjectSelectionDocument(
        evidence=evidence, content=content, series_instance_uid=origin.uid("KO", "series"),
        series_number=900, sop_instance_uid=origin.uid("KO"), instance_number=1,
        series_description="Key images", **contents(origin),
    )  # fmt: skip
    return origin.uid("KO"), finished(ds, films[0], origin)


def person(origin: Origin) -> ObserverContext:
    """Who signed, as the observer."""
    return ObserverContext(
        observer_type=codes.DCM.Person,
        observer_identifying_attributes=PersonObserverIdentifyingAttributes(
            name=origin.signer, organization_name=origin.institution[:64]
        ),
    )
