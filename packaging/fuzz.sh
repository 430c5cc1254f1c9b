#!/bin/sh
# Runs each fuzz target of the repository for FUZZTIME (20s), one after the
# other, and ends with the first finding. FUZZ narrows it to targets whose
# folder and name match: FUZZ=wire packaging/fuzz.sh
set -eu
cd "$(dirname "$0")/.."
go=${GO:-go}
time=${FUZZTIME:-20s}
count=0
for dir in $(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n 1 dirname | sort -u); do
	for target in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$dir"/*_test.go); do
		case "$dir/$target" in *${FUZZ:-}*) ;; *) continue ;; esac
		# Few tries to make an input smaller: where real processes and
		# connections are behind a target, no two runs cover the same.
		echo "== $dir $target for $time"
		if ! packaging/cgo.sh "$go" test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 20x "$dir"; then
			echo "fuzz: $target fails; its input is the newest file in $dir/testdata/fuzz/$target, where there is one: keep it as a seed and mend what it found" >&2
			exit 1
		fi
		count=$((count + 1))
	done
done
echo "fuzz: $count targets, nothing found"
