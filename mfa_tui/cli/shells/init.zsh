
# The completion is made when it is first asked for, so that shells start quickly.
if whence compdef >/dev/null; then
    _mfa_tui_load() {
        eval "$(command {mfa-tui} completion zsh 2>/dev/null)"
        _shtab_mfa_tui "$@"
    }
    compdef _mfa_tui_load mfa-tui
fi
