complete -F _mfa_tui_load {name}
