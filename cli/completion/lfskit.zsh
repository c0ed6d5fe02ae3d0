# SPDX-License-Identifier: MIT
#
# Completion of lfskit. `line` are the operands, from _arguments.

# Offers what is in the directory of an image that the word begins with.
_lfskit_paths()
{
    local image=${${(Q)1}/#\~\//$HOME/} directory=${${(Q)PREFIX}%%[^/]#}
    shift
    local -a names=(${(f)"$(command lfskit ls -F -- $image ${directory:-/} 2>/dev/null)"})
    compset -P '*/'
    compset -S '/*'
    compadd "$@" -q -S / -- ${${(M)names:#*/}%/}
    compadd "$@" -- ${names:#*/}
}

# Offers paths of IMAGE:/PATH, if the word is one.
_lfskit_located()
{
    local image=${PREFIX%%:/*}
    [[ $image != $PREFIX && -f ${${(Q)image}/#\~\//$HOME/} ]] || return
    compset -P 1 '*:'
    _lfskit_paths $image "$@"
    return 0
}

_lfskit_host()
{
    _lfskit_located "$@" || _files "$@"
}

_lfskit_folder()
{
    _files -/ "$@"
}

_lfskit_inside()
{
    _lfskit_located "$@" && return
    if [[ $line[1] == *:/* ]]; then
        _files "$@"
    else
        _lfskit_paths "$line[1]" "$@"
    fi
}

_lfskit_either()
{
    _lfskit_located "$@" && return
    [[ $line[1] == *:/* ]] || _lfskit_paths "$line[1]" "$@"
    _files "$@"
}

_lfskit()
{
    setopt local_options extended_glob
    if ((CURRENT == 2)); then
        _arguments ': :_lfskit_verb' '--help[Print help]' '--version[Print the version]'
    else
        shift words
        ((CURRENT--))
        _lfskit_arguments $words[1]
    fi
}

_lfskit "$@"
