function __mfa_tui_profiles
    command {mfa-tui} completion --profiles 2>/dev/null
end
