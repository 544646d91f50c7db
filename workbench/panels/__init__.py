"""Pages of the workbench; a dashboard calls `open_panel` and nothing else."""

from workbench.panels.opening import open_panel

__all__ = ["open_panel"]
