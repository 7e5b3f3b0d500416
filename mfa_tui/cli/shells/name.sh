
# The same under a short name (shell-init --name).
unalias {name} 2>/dev/null || :
case :${SHELLOPTS-}: in *:posix:*) _mfa_tui_posix=1 && set +o posix ;; esac
function {name}() {
    local -x MFA_TUI_FUNCTION={name}
    mfa-tui "$@"
}
[ -z "${_mfa_tui_posix-}" ] || { unset -v _mfa_tui_posix && set -o posix; }
