# What mfa-tui shell-init prints for fish. Everything is passed to the program; what `use` prints is run here.
function mfa-tui --description 'MFA-backed AWS credentials'
    if test "$argv[1]" != use; or contains -- --help $argv; or contains -- -h $argv
        command {mfa-tui} $argv
        return
    end
    set --erase argv[1]
    set --local code (command {mfa-tui} use --shell fish $argv)
    or return
    string join \n -- $code | source
end

# The completion is generated when it is first used, so that shells start quickly.
function __mfa_tui_load
    command {mfa-tui} completion fish 2>/dev/null | source
    complete --do-complete (commandline --cut-at-cursor --current-process | string collect)
end
complete --command mfa-tui --erase
complete --command mfa-tui --no-files --arguments '(__mfa_tui_load)'
