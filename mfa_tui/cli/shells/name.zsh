if whence compdef >/dev/null; then compdef _mfa_tui_load {name}; fi
