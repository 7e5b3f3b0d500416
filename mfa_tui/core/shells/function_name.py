"""The name of the shell function that ``mfa-tui shell-init --name`` gives: which there can be, and which there is."""

from __future__ import annotations

from mfa_tui.core.shells.variables import FUNCTION
from mfa_tui.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PROGRAM = "mfa-tui"
"""The function that there always is. It has the name of the program."""
_FIRST = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
_OTHERS = _FIRST | frozenset("0123456789-")
"""All four shells take these, and nothing in them has a meaning of its own."""

_BASH = """\
alias bg bind break builtin caller case cd command compgen complete compopt continue coproc declare dirs
disown do done echo elif else enable esac eval exec exit export false fc fg fi for function getopts hash
help history if in jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return
select set shift shopt source suspend test then time times trap true type typeset ulimit umask unalias unset
until wait while"""
_ZSH = """\
autoload bindkey bye chdir compadd comparguments compcall compctl compdef compdescribe compfiles compgroups
compquote compset comptags comptry compvalues disable echotc echoti emulate end float foreach functions
getln integer limit log nocorrect noglob print private pushln r rehash repeat sched setopt stat ttyctl
unfunction unhash unlimit unsetopt vared whence where which zcompile zformat zle zmodload zparseopts
zregexparse zstyle"""
_FISH = """\
_ abbr and argparse begin block breakpoint commandline contains count emit math not or path random realpath
set_color status string switch"""
_POWERSHELL = """\
catch class data define do dynamicparam elseif enum exit filter finally foreach from hidden param parallel
process sequence static throw trap try using var workflow"""
_TAKEN = frozenset(f"{_BASH} {_ZSH} {_FISH} {_POWERSHELL}".split())
"""Words and built-in commands of the shells: a function of that name would break something, or never run."""


def checked_function_name(name: str) -> str:
    """*name*, if a function of every shell can have it. Raises UsageError (``usage``)."""
    reason = ""
    if not _is_plain(name):
        reason = "A function's name here begins with a letter or _, and has only letters, digits, - and _."
    elif name.lower() in _TAKEN:
        reason = f"{name} already means something to a shell."
    if reason:
        what = "--name cannot be used: a shell function cannot be called that."
        raise UsageError("usage", what, reason, "Choose another name, such as --name mt")
    return name


def command(env: Mapping[str, str], text: str) -> str:
    """*text*, which begins with ``mfa-tui``, with the name by which the user called the function, if that is known."""
    name = env.get(FUNCTION, "")
    return name + text.removeprefix(PROGRAM) if _is_plain(name) else text


def _is_plain(name: str) -> bool:
    return name[:1] in _FIRST and _OTHERS.issuperset(name)
