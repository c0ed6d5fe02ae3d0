# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Completion of lfskit, from bash 4.3 on. `words` are those of the command line
# up to the cursor, `typed` is the one to be completed, and `done` what of it
# readline leaves as it is.

# Sets `plain` to a word without its quotes.
_lfskit_unquote()
{
    local rest=$1 c quote=''
    plain=''
    while [[ $rest ]]; do
        c=${rest:0:1} rest=${rest:1}
        if [[ $c == "$quote" ]]; then
            quote=''
        elif [[ ! $quote && $c == [\'\"] ]]; then
            quote=$c
        elif [[ $c == \\ && $quote != \' ]]; then
            plain+=${rest:0:1} rest=${rest:1}
        else
            plain+=$c
        fi
    done
    plain=${plain/#\~\//$HOME/}
}

# Readline splits words at ':' and '=', too: what no blank stands before is joined.
_lfskit_split()
{
    local line=${COMP_LINE:0:COMP_POINT} word plain
    for word in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
        if [[ ! ${words[*]} || $line == [[:space:]]* ]]; then
            words+=('')
            done=''
        else
            done=${words[-1]}
        fi
        line=${line#"${line%%[![:space:]]*}"}
        [[ $line == "$word"* ]] || word=$line
        line=${line#"$word"}
        _lfskit_unquote "$word"
        words[-1]+=$plain
    done
    [[ $word == [:=] ]] && done=${words[-1]}
}

# Offers the rows that begin with what was typed; in a list with what they mean.
_lfskit_rows()
{
    local name hint help item found=()
    while read -r name hint help; do
        if [[ $name && $name == "$typed"* ]]; then
            COMPREPLY+=("$name")
            printf -v item '%-20s %s' "$name" "$help"
            found+=("${item:0:${COLUMNS:-80}-2}")
        fi
    done <<<"$rows"
    if [[ ${COMP_TYPE-} == 63 && ${#found[@]} -gt 1 ]]; then
        COMPREPLY=("${found[@]}")
    fi
}

# Sets `hint` to that of an option.
_lfskit_hint()
{
    local name help
    while read -r name hint help; do
        [[ $name != "$1" ]] || return
    done <<<"$rows"
}

_lfskit_host()
{
    local found
    compopt -o filenames
    mapfile -t found < <(compgen "$1" -- "$typed")
    COMPREPLY+=("${found[@]}")
}

# Offers the paths that begin with $2 in the image $1, each with $3 before it.
_lfskit_inside()
{
    local directory='' name
    [[ $2 == */* ]] && directory=${2%/*}/
    while IFS= read -r name; do
        if [[ $directory$name == "$2"* ]]; then
            COMPREPLY+=("$3$directory$name")
        fi
    done < <(command lfskit ls -F -- "$1" "${directory:-/}" 2>/dev/null)
    compopt -o filenames
    [[ ${COMPREPLY[*]} == */ ]] && compopt -o nospace
}

_lfskit_offer()
{
    local image=${typed%%:/*}
    case $1 in
    *'|'*) mapfile -t COMPREPLY < <(compgen -W "${1//[[:upper:]|]/ }" -- "$typed") ;;
    verb) _lfskit_table '' && rows=${rows%--help*} && _lfskit_rows ;;
    folder) _lfskit_host -d ;;
    host | inside | either)
        if [[ $image != "$typed" && -f $image ]]; then
            _lfskit_inside "$image" "${typed#*:}" "$image:"
        else
            [[ $1 == host || $1$first == inside*:/* ]] || _lfskit_inside "$first" "$typed" ''
            [[ $1$first == inside* && $first != *:/* ]] || _lfskit_host -f
        fi
        ;;
    esac
}

_lfskit()
{
    local words=() typed='' done='' operands='' rows='' hint='' word
    local count=0 first='' skip='' ended='' kinds
    _lfskit_split
    typed=${words[-1]}
    _lfskit_table "$([[ ${#words[@]} -le 2 ]] || echo "${words[1]}")"
    COMPREPLY=()
    for word in "${words[@]:2:${#words[@]}-3}"; do
        if [[ $skip ]]; then
            skip=''
        elif [[ $word == -- ]]; then
            ended=1
        elif [[ $word == -?* && ! $ended ]]; then
            _lfskit_hint "$word"
            [[ $word == *=* || ! $hint || $hint == flag || $hint == =* ]] || skip=$hint
        else
            ((count++)) || first=$word
        fi
    done
    if [[ $skip ]]; then
        _lfskit_offer "$skip"
    elif [[ $typed == --*=* && ! $ended ]]; then
        _lfskit_hint "${typed%%=*}"
        word=${typed%%=*}=
        typed=${typed#*=}
        _lfskit_offer "${hint#=}"
        COMPREPLY=("${COMPREPLY[@]/#/$word}")
    elif [[ ${#words[@]} -le 2 || ($typed == -* && ! $ended) ]]; then
        _lfskit_rows
    else
        read -ra kinds <<<"$operands"
        _lfskit_offer "${kinds[count < ${#kinds[@]} ? count : -1]}"
    fi
    COMPREPLY=("${COMPREPLY[@]#"$done"}")
}

complete -F _lfskit lfskit
