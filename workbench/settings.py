"""Settings from the environment (`WORKBENCH_*`); every one is listed in docs/settings.md."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a site may choose; nothing is read until this is built."""

    model_config = SettingsConfigDict(env_prefix="WORKBENCH_", frozen=True)

    home: Path = Field(
        default_factory=lambda: Path.home() / ".workbench",
        description="Folder of this installation: database, blobs, outbox, logs, backups.",
    )
    database_url: str = Field(
        default="",
        description="PostgreSQL address used by the application; empty means the embedded server.",
    )
    database_owner_url: str = Field(
        default="",
        description="PostgreSQL address that owns the tables and runs migrations, if another.",
    )
    host: str = Field(default="127.0.0.1", description="Address the web server listens on.")
    port: int = Field(default=8866, description="Port of the web server.")
    dicom_host: str = Field(default="0.0.0.0", description="Address the DICOM service listens on.")  # noqa: S104 - modalities are on the hospital network; senders are checked by AE title and address
    dicom_port: int = Field(default=11112, description="Port of the DICOM service.")
    dicom_processes: int = Field(
        default=2,
        ge=1,
        le=32,
        description="Processes that receive on the DICOM port, one for each processor core.",
    )
    dicom_ae_title: str = Field(default="WORKBENCH", description="Our own AE title.")
    tls_cert: Path | None = Field(default=None, description="Certificate of the web server.")
    tls_key: Path | None = Field(default=None, description="Private key of the web server.")
    free_floor_mb: int = Field(
        default=2048, description="Below this much free disk nothing more is accepted (MB)."
    )
    lease_minutes: int = Field(
        default=15, description="How long an opened exam is held for its reader (min)."
    )
    idle_minutes: int = Field(default=480, description="A silent session ends after this (min).")
    workers: int = Field(default=1, description="Worker processes started by `workbench serve`.")
    backup_hour: int = Field(default=2, description="Hour of the nightly backup, local time.")
    second_opinions: bool = Field(
        default=False,
        description="Whether other programs are asked about every ECG; some seconds each.",
    )
    exposure_bands: Path | None = Field(
        default=None,
        description="TOML file of exposure targets and limits by institution and body part.",
    )
    kernel_pool: int = Field(default=1, description="Preheated kernels kept ready per page.")

    @property
    def blobs(self) -> Path:
        """Folder of the content-addressed files."""
        return self.home / "blobs"

    @property
    def outbox(self) -> Path:
        """Folder from which reports and chain heads leave."""
        return self.home / "outbox"

    @property
    def inbox(self) -> Path:
        """Watched folders, one per institution code."""
        return self.home / "inbox"

    @property
    def backups(self) -> Path:
        """Folder of backups."""
        return self.home / "backups"
