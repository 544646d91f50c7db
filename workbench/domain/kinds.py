"""What kind of examination an exam is."""

from enum import StrEnum


class ExamKind(StrEnum):
    """DR film, 12-lead ECG, or something kept but not read here."""

    DR = "DR"
    ECG = "ECG"
    OTHER = "other"
