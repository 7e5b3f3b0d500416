
# The same under a short name (shell-init --name).
function {name} --wraps mfa-tui --description 'MFA-backed AWS credentials'
    set --local --export MFA_TUI_FUNCTION {name}
    mfa-tui $argv
end
