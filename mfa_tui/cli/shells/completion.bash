_mfa_tui_profiles() {
    command {mfa-tui} completion --profiles "$1" 2>/dev/null
}

# bash hands over words with their quotes, split at colons too, and inserts answers as they are. So the words are
# read here as the shell will read them, and the answers are quoted in the way that the user began.
# $2: the end of the line that an answer will replace
_mfa_tui() {
    local line=${COMP_LINE:0:COMP_POINT} words=() word='' quote='' sign='' start=-1 i
    for ((i = 0; i < ${#line}; i++)); do
        sign=${line:i:1}
        if [[ -z $quote && $sign == [[:space:]] ]]; then
            ((start < 0)) || words+=("$word")
            word='' start=-1
            continue
        fi
        ((start >= 0)) || start=$i
        if [[ -z $quote && $sign == [\'\"] ]]; then
            quote=$sign
        elif [[ $sign == "$quote" ]]; then
            quote=''
        elif [[ $sign == \\ && (-z $quote || ($quote == '"' && ${line:i+1:1} == [\\\"\$\`])) ]]; then
            ((++i))
            word+=${line:i:1}
        else
            word+=$sign
        fi
    done

    local raw='' kept answer answers=()
    ((start < 0)) || raw=${line:start}
    kept=${raw%"$2"}
    local COMP_WORDS=("${words[@]}" "$word") COMP_CWORD=${#words[@]}
    _shtab_mfa_tui
    for answer in "${COMPREPLY[@]}"; do
        case $quote in
        "'") answer="'${answer//\'/\'\\\'\'}'" ;;
        '"')
            answer=${answer//\\/\\\\} answer=${answer//\"/\\\"}
            answer=${answer//\$/\\\$} answer=\"${answer//\`/\\\`}\"
            ;;
        *) printf -v answer %q "$answer" ;;
        esac
        [[ $answer != "$kept"* ]] || answers+=("${answer#"$kept"}")
    done
    COMPREPLY=("${answers[@]}")
    case ${words[1]-} in
    # What follows may be a command of its own, with files.
    exec | demo) compopt -o default 2>/dev/null ;; # bash 4 and later
    esac
}
complete -F _mfa_tui mfa-tui
