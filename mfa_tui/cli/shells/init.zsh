
# The completion is generated when it is first used, so that shells start quickly.
if whence compdef >/dev/null; then
    _mfa_tui_load() {
        eval "$(command {mfa-tui} completion zsh 2>/dev/null)"
        # The function may have another name, too.
        compdef _shtab_mfa_tui "$service"
        _shtab_mfa_tui "$@"
    }
    compdef _mfa_tui_load mfa-tui
fi
