"""The program of a page's kernel: an IPython kernel without what no page ever uses.

A page gets no code from its browser, so nobody debugs one: without debugpy each kernel is 10 MB
smaller, and has no door for a debugger either. It opens no TLS line (libpq has its own) and
writes on no terminal (docs/decisions/0006-page-kernels.md).
"""

import sys

UNUSED = ("debugpy", "ssl", "curses")


def main() -> None:
    """Start the kernel; the unused packages count as not installed."""
    sys.modules.update(dict.fromkeys(UNUSED))  # type: ignore[arg-type]  # None: "not installed"
    from ipykernel.kernelapp import launch_new_instance  # noqa: PLC0415 - after what is left out

    launch_new_instance()


if __name__ == "__main__":
    main()
