# SPDX-License-Identifier: MIT
#
# Completion of lfskit.

# Sets `verb` and `operands` to what stands before the cursor.
function __lfskit_words -S
    set -l words (commandline -opc)
    set -l valued
    set verb $words[2]
    __lfskit_valued "$verb"
    set operands
    set -l skip 0
    for word in $words[3..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word $valued
            set skip 1
        else if not string match -q -- '-?*' $word
            set -a operands $word
        end
    end
end

# Prints the word at the cursor without its quotes, the last of which may be missing.
function __lfskit_typed
    commandline -ct | string replace -r '^[\'"]' '' | string unescape
end

# in VERB: it is the verb of the command line; "" before there is one.
function __lfskit_in -a wanted
    set -l verb
    set -l operands
    __lfskit_words
    test "$verb" = "$wanted"
end

# at VERB -eq|-ge N: it is the verb, and so many operands stand before the word.
function __lfskit_at -a wanted relation count
    set -l verb
    set -l operands
    __lfskit_words
    test "$verb" = "$wanted" -a (count $operands) $relation $count
end

# Prints the paths of an image that are in the directory that the word names,
# with something before them.
function __lfskit_paths -a image word before
    set -l directory (string match -r '^.*/' -- $word)
    set image (string replace -r '^~/' $HOME/ -- $image)
    for name in (command lfskit ls -F -- $image $directory/ 2>/dev/null)
        echo "$before$directory$name"
    end
end

# Prints paths of IMAGE:/PATH, if the word is one.
function __lfskit_located -a word
    set -l parts (string match -r '^(.+?):(/.*)$' -- $word)
    and __lfskit_paths $parts[2] $parts[3] $parts[2]:
end

function __lfskit_host
    set -l word (__lfskit_typed)
    __lfskit_located "$word"
    or __fish_complete_path "$word"
end

function __lfskit_folder
    __fish_complete_directories (__lfskit_typed) ''
end

function __lfskit_inside
    set -l verb
    set -l operands
    set -l word (__lfskit_typed)
    __lfskit_words
    if string match -q -- '*:/*' $operands[1]
        __lfskit_host
    else
        __lfskit_paths $operands[1] "$word" ''
    end
end

function __lfskit_either
    __lfskit_inside
    __lfskit_host
end

complete -c lfskit -f
complete -c lfskit -n '__lfskit_in ""' -s h -l help -d 'Print help'
complete -c lfskit -n '__lfskit_in ""' -l version -d 'Print the version'
