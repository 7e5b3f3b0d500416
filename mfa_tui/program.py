"""The whole program, for what is not served at once; the only place that knows the command line and the interface."""

import os
import sys

from mfa_tui.cli.main import report_cut_output, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mfa_tui.services.context import Context


def run_program(cut_off: OSError | None) -> int:
    """Run ``mfa-tui`` with the arguments of this process; the exit status is returned (see errors.Exit).

    *cut_off* is why only a part of the result could be written, if a part was.
    """
    status = report_cut_output(cut_off) if cut_off else run(sys.argv[1:], open_interface, pick)
    _end_with_threads(status)
    return status


def _end_with_threads(status: int) -> None:
    """End the process without Python's clean-up if a daemon thread is still running, such as a call that was given up.

    The clean-up stops those wherever they are; if that is in an import, it may wait for its lock for ever.
    """
    threading = sys.modules.get("threading")
    if threading is None or not any(thread.daemon for thread in threading.enumerate()):
        return
    import contextlib

    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.main_thread():
            thread.join()
    for stream in (sys.stdout, sys.stderr):
        # What could not be written was reported, as far as that is possible.
        with contextlib.suppress(AttributeError, OSError, ValueError):
            stream.flush()
    os._exit(status)


def open_interface(context: "Context", profile: str) -> int:
    """The terminal interface, the cursor on *profile* if it is not empty."""
    prepare_interface()
    from mfa_tui.ui.app import run

    return run(context, profile)


def pick(context: "Context", profile: str) -> str | None:
    """The list as a picker, below the prompt; the name of the profile that was chosen and logged in to, if any was."""
    prepare_interface()
    from mfa_tui.ui.app import pick

    return pick(context, profile)


def prepare_interface() -> None:
    """Make the imports that follow take less time and memory. To be called before anything of Textual is imported."""
    import gc

    # Nothing that is imported is garbage. The interface switches this on again once its first frame is drawn.
    gc.disable()
    _import_asyncio_without_tls()


def _import_asyncio_without_tls() -> None:
    """Import asyncio as where Python was built without OpenSSL, which takes long to load.

    Textual's event loop opens no connections. Whatever needs OpenSSL imports it later.
    """
    if "asyncio" in sys.modules or "ssl" in sys.modules:
        return
    # It makes an import raise ImportError, for which asyncio is prepared.
    sys.modules["ssl"] = None  # type: ignore[assignment]  # documented, though not in the type
    try:
        import asyncio  # noqa: F401
    finally:
        del sys.modules["ssl"]
