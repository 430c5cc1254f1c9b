# Completion of bauta for fish; 'bauta completion fish' prints it.
function __bauta_value
    switch $argv[1]
@VALUES@    end
end

function __bauta_offers
    set -l at ''
    set -l skip ''
    set -l paths @PATHS@
    for word in (commandline -opc)[2..-1]
        if test -n "$skip"
            set skip ''
            continue
        end
        set skip (__bauta_value $word)
        set -l next (string trim -- "$at $word")
        if contains -- $next $paths
            set at $next
        end
    end
    switch "$skip"
        case ''
        case files
            __fish_complete_path (commandline -ct)
            return
        case 'words *'
            string split ' ' -- (string replace 'words ' '' -- $skip)
            return
        case '*'
            return
    end
    switch $at
@OFFERS@    end
end

complete -c bauta -f -a '(__bauta_offers)'
