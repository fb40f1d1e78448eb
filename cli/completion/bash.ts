/**
 * The completion of bash. Unlike others it needs nothing of the package bash-completion, and hands the words over as they
 * are: nothing that stands half typed on the line is evaluated.
 * @param program the command's name
 * @param ask what answers, as shell text
 */
export function bashScript(program: string, ask: string): string {
  return `# bash completion of ${program}
_${program}_complete() {
    local line directive=0 current="\${COMP_WORDS[COMP_CWORD]}" values=()
    while IFS= read -r line; do
        case "$line" in
            :*) directive="\${line#:}" ;;
            ?*) values+=("\${line%%$'\\t'*}") ;;
        esac
    done < <(${ask} complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    # Bash cuts words at "=", unless somebody has told it not to: then the option stands in the word.
    local option=""
    case "$current" in
        =) current="" ;;
        --*=*) option="\${current%%=*}=" current="\${current#*=}" ;;
    esac
    COMPREPLY=()
    for line in "\${values[@]}"; do COMPREPLY+=("$option$line"); done
    if [[ "$directive" == 0 ]]; then
        compopt -o filenames 2>/dev/null
        while IFS= read -r line; do COMPREPLY+=("$option$line"); done < <(compgen -f -- "$current")
    fi
}
complete -F _${program}_complete ${program}
`;
}
