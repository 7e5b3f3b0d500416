# What mfa-tui shell-init prints for bash and zsh: all goes to the program but `use`, which prints code to run here.
unalias mfa-tui 2>/dev/null || :
# The POSIX mode of bash makes no function of this name, but runs it.
case :${SHELLOPTS-}: in *:posix:*) _mfa_tui_posix=1 && set +o posix ;; esac
function mfa-tui() {
    [ -z "${ZSH_VERSION-}" ] || emulate -L zsh
    local word code
    if [ "${1-}" != use ]; then
        command {mfa-tui} "$@"
        return
    fi
    for word; do
        case $word in
        -h | --help)
            command {mfa-tui} "$@"
            return
            ;;
        esac
    done
    shift
    code=$(command {mfa-tui} use --shell sh "$@") || return
    eval "$code"
}
[ -z "${_mfa_tui_posix-}" ] || { unset -v _mfa_tui_posix && set -o posix; }
