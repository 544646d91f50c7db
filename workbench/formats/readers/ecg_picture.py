"""An ECG that came as a picture or PDF: kept and shown as one, never screened, never measured.

A plain picture does not say what it shows. Only one that a person called an ECG is read: the intake
then puts `.ecg` before the ending of its name (`print.ecg.pdf`), and whoever drops a file into a
watched folder does the same. All others are refused and wait in quarantine with that reason.
"""

from datetime import tzinfo
from types import MappingProxyType
from typing import Final

from workbench.domain.errors import Unreadable
from workbench.domain.kinds import ExamKind
from workbench.domain.picture import Picture
from workbench.domain.received import ArrivalHeader, Parts, Received
from workbench.formats.picture_file import colours_of
from workbench.formats.picture_kind import is_marked, kind_of

NOT_MEASURED: Final = "a picture of an ECG cannot be measured and is shown as it came"
REST: Final = "only the first page is shown here, the file has further pages"


class EcgPicture:
    """Claims one JPEG, PNG or PDF file."""

    name = "ecg_picture"

    def claims(self, parts: Parts) -> bool:
        """One file that begins as a picture or PDF does."""
        return len(parts) == 1 and bool(kind_of(next(iter(parts.values()))[:2048]))

    def read_header(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Nothing but what it is: a picture carries no patient, no time, no lead."""
        del zone
        [(name, data)] = parts.items()
        kind = kind_of(data[:2048])
        if not is_marked(name):
            raise Unreadable(
                f"a plain {kind} file does not say what it shows: say that it is an ECG (upload it"
                " under a request for an ECG, import it with --kind ECG, or name it x.ecg.pdf); "
                "films come as DICOM only",
                "kind_unknown",
            )
        arrival = ArrivalHeader(modality="ECG", tags=MappingProxyType({"picture": kind}))
        return Received(
            kind=ExamKind.ECG,
            header=arrival,
            reader=self.name,
            reason=NOT_MEASURED,
            flags=("picture_only", "missing_patient_id"),
            notes=(NOT_MEASURED,),
        )

    def read(self, parts: Parts, zone: tzinfo | None = None) -> Received:
        """Header and picture.

        Raises
        ------
        Unreadable
            If nobody called the file an ECG.
        BadImage
            If it cannot be drawn.
        """
        received = self.read_header(parts, zone)
        colours, pages = colours_of(next(iter(parts.values())))
        notes = (NOT_MEASURED, *((REST,) if pages > 1 else ()))
        picture = Picture(colours=colours, pages=pages, origin=self.name, notes=notes)
        return Received(
            kind=received.kind,
            header=received.header,
            reader=self.name,
            picture=picture,
            reason=received.reason,
            flags=received.flags,
            notes=notes,
        )
