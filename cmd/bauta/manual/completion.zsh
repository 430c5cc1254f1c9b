#compdef bauta
# Completion of bauta for zsh; 'bauta completion zsh' prints it.
_bauta_value() {
	kind=
	case $1 in
@VALUES@	esac
}

_bauta() {
	local at= word skip= kind= files=false
	local -a offers paths=(@PATHS@)
	for word in "${(@)words[2,CURRENT-1]}"; do
		if [[ -n $skip ]]; then
			skip=
			continue
		fi
		_bauta_value "$word"
		skip=$kind
		if (( ${paths[(Ie)${at:+$at }$word]} )); then
			at=${at:+$at }$word
		fi
	done
	case $skip in
	files) _files; return ;;
	words*) compadd -- ${=skip#words }; return ;;
	?*) return 1 ;;
	esac
	case $at in
@OFFERS@	esac
	_describe bauta offers
	[[ $files == true ]] && _files
}

# Loaded by fpath the file is the function; sourced it only makes it known.
if [[ ${funcstack[1]} == _bauta ]]; then
	_bauta
else
	compdef _bauta bauta
fi
