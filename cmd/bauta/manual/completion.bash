# Completion of bauta for bash; 'bauta completion bash' prints it.
_bauta_value() {
	kind=
	case $1 in
@VALUES@	esac
}

_bauta() {
	local current=${COMP_WORDS[COMP_CWORD]} at= word skip= kind= offers= files=false path i
	local -a paths=(@PATHS@)
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ -n $skip ]]; then
			skip=
			continue
		fi
		_bauta_value "$word"
		skip=$kind
		for path in "${paths[@]}"; do
			[[ $path == "${at:+$at }$word" ]] && at=$path && break
		done
	done
	COMPREPLY=()
	case $skip in
	files) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
	words*) mapfile -t COMPREPLY < <(compgen -W "${skip#words }" -- "$current") ;;
	esac
	[[ -n $skip ]] && return
	case $at in
@OFFERS@	esac
	mapfile -t COMPREPLY < <(compgen -W "$offers" -- "$current")
	if [[ $files == true && $current != -* ]]; then
		mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$current")
	fi
}

complete -o filenames -F _bauta bauta
