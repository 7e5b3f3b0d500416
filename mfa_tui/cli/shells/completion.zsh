_mfa_tui_profiles() {
    local -a profiles
    profiles=("${(@f)$(command {mfa-tui} completion --profiles 2>/dev/null)}")
    compadd -a profiles
}
