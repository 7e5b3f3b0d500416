
# The completion is generated when it is first used, so that shells start quickly.
_mfa_tui_load() {
    # The function may have another name, too. 124 tells bash to look again.
    eval "$(command {mfa-tui} completion bash 2>/dev/null)" && complete -F _mfa_tui "$1" && return 124
}
complete -F _mfa_tui_load mfa-tui
