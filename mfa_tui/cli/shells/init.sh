# What mfa-tui shell-init prints for bash and zsh. Everything is passed to the program; what `use` prints is run here.
unalias mfa-tui 2>/dev/null || :
# In its POSIX mode bash cannot define a function with this name, but can run it.
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
