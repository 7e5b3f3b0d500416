"""``mfa-tui demo``."""

from __future__ import annotations

from mfa_tui.cli.terminal.parser import Parser


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("demo", "Try everything on an embedded AWS with throwaway files. Your own files are not touched.")
    parser.usage = "mfa-tui demo [-- COMMAND …]"
    parser.epilog = "After --, COMMAND runs in that environment instead of the interface: mfa-tui demo -- aws s3 ls"
    return parser


def run(arguments: list[str]) -> int:
    """Run the interface or a command on the embedded AWS, and return its exit status."""
    command: list[str] = []
    if "--" in arguments:
        split = arguments.index("--")
        arguments, command = arguments[:split], arguments[split + 1 :]
    parser().parse_args(arguments)
    from mfa_tui.demo.run import demo

    return demo(command)
