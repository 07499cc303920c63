# Completion of playlet and ansible-playbook for bash.
# The options are read from --help, so that this file never falls behind.
_playlet() {
    local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[0]}
    COMPREPLY=()
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$command" --help 2>/dev/null | grep -oE -- '--[a-z-]+' | sort -u)" -- "$word")
        return
    fi
    [[ $COMP_CWORD == 1 ]] && mapfile -t COMPREPLY < <(compgen -W eval -- "$word")
    mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word")
    compopt -o filenames 2>/dev/null
}
complete -F _playlet playlet ansible-playbook
