#!/usr/bin/env bash
# Builds, serves and proves Sealbook. `./build.sh help` lists the words.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
ROOT=$PWD
readonly ROOT
# No commit id in programs: sources may come without a usable git.
export GOFLAGS="-buildvcs=false ${GOFLAGS:-}"
# shellcheck source=.tools/setup.sh
source .tools/setup.sh

usage() {
	cat <<'TEXT'
./build.sh WORD

  serve [ADDRESS] [OPTION...]
                   build the site and serve it with a directory in .build/directory
                   (127.0.0.1:8080); -help as an option lists the others
  worker [WORD...] build the Cloudflare Worker in .build/worker; "worker serve
                   [PORT]" runs it here in workerd, other words go to wrangler
  test [STEP...]   set up what is missing, then run everything, or those steps
  wasm             build the modules with TinyGo
  site             assemble the site in .build/site
  reproduce        build the modules again elsewhere and compare bytes
  reproduce MANIFEST
                   build a release again, and name the first difference
  release VERSION [OPTION...]
                   make dist/: site, zip, npm tarball, worker, verifiers, manifest; a
                   trial that anybody can sign, or with the keys of the log in site/log
  log begin|rotate|withdraw [OPTION...]
                   change the log of releases; -help as an option lists the others
  twice            make a trial release in two folders, with two caches, and compare
  hosts            run a trial release on nginx, Caddy, Apache, wrangler, Netlify and
                   others, in Chromium, and say what each enforces
  bench            speeds and sizes beside other libraries
  bench load       the native directory server under load, with a million people
  bench worker [PEOPLE]
                   the worker in workerd beside the native server, with PEOPLE
                   (100,000): processor time, memory, publishing; with a
                   million the READMEs' tables are written anew
  bench private    how fast blocks are scanned for private retrieval
  bench oprf       the phases of the OPRF beside other libraries
  bench tags       reading, checking and matching the tags of a million people
  bench audit      the auditor beside a loop with a table, itself in Chromium, TrackHAR
                   and plain search
  bench trust      checking a site from outside, and a release's proof in the page
  bench first [--runs N]
                   how soon the first answer is there: fresh processes beside an older
                   commit, fresh pages beside libphonenumber-js
  bench sha256     SHA-256 in wasm: the core, and what scalars and SIMD can do
  bench contacts   5,000 people from a file to numbers, in Node and in Chromium, and
                   vCards natively
  bench site       the first number on slow 4G, and a page with 100,000 lines
  bench lighthouse [PAGE...]
                   Lighthouse, as for a phone, on every page (index.html ...)
  toolchains [ID...]
                   build and run the package in the toolchains that are heavy or want
                   another Node, each from npm; the README's table is of what came out
  numbers [COUNT]  compare COUNT inputs (10,000,000) with each other build of libphonenumber
  metadata [VERSION [PACKAGE]]
                   take libphonenumber's metadata VERSION from the npm package
                   google-libphonenumber (newest, or PACKAGE), and say what changed
  fuzz [TIME]      every fuzz test for TIME each (1m)
  setup            only set up TinyGo, the browsers, Java and the npm packages
  clean            remove what was built and downloaded into this folder
TEXT
}

# --- modules -----------------------------------------------------------------

# The modules, each in the folder of its main package.
readonly MODULES='wasm/core/core.wasm wasm/blind/blind.wasm wasm/format/format.wasm wasm/reader/contacts.wasm wasm/auditor/auditor.wasm'

# target MODULE: the modules that read files have a heap; see package heap.
target() {
	case $1 in
	wasm/reader/*) echo wasm/heap/target.json ;;
	wasm/auditor/*) echo wasm/auditor/target.json ;; # the same, with more memory
	*) echo wasm/core/target.json ;;
	esac
}

# flags MODULE: for size, where what must be quick says //go:inline; the auditor
# goes through gigabytes.
flags() {
	local opt=s
	[[ $1 != wasm/auditor/* ]] || opt=2
	echo "-target=$(target "$1") -panic=trap -no-debug -opt=$opt"
}

# manifest write|check MODULE: see .tools/manifest.
manifest() {
	tool manifest "$1" "$2" "tinygo build $(flags "$2") ./${2%/*}" \
		tinygo=$TINYGO_VERSION llvm=$LLVM_VERSION go=$GO_VERSION "+$(target "$2")" +.tools/wasmopt/main.go
}

# compile MODULE OUT runs TinyGo in the current folder, with the pinned Go.
compile() {
	# shellcheck disable=SC2046 # the flags are words
	pinned_go "$TINYGO" build $(flags "$1") -o "$2" "./${1%/*}" || die "$1 did not build"
	! grep -aqF -e "$ROOT/" -e "$PWD/" -e "$(go env GOROOT)/" "$2" || die "$2 holds a path of this machine"
}

# check_heap MODULE refuses what would take memory from a heap in a module that
# has none: there it would trap.
check_heap() {
	[ "$(target "$1")" = wasm/core/target.json ] || return 0
	# shellcheck disable=SC2046 # the flags are words
	pinned_go "$TINYGO" build $(flags "$1") -gc=leaking -o .build/heap.ll "./${1%/*}" || die "$1 did not build"
	tool heap .build/heap.ll || die "$1 takes memory from the heap" \
		'slices that leave the function whose array they lie in, arrays over 1,024 bytes and strings made from bytes do that'
}

# pinned_go COMMAND... runs it with Go $GO_VERSION, fetched by go itself if another is installed.
pinned_go() {
	if [ "$(go env GOVERSION)" = "go$GO_VERSION" ]; then "$@"; else GOTOOLCHAIN=go$GO_VERSION "$@"; fi
}

build_wasm() {
	set_up_tinygo
	local module built
	for module in $MODULES; do
		built=.build/${module##*/}
		check_heap "$module"
		compile "$module" "$built"
		cmp -s "$built" "$module" || cp "$built" "$module"
		manifest write "$module"
		say "$module: $(wc -c <"$module") bytes, SHA-256 $(sha256 "$module")"
	done
	copy_wasm
	! have node || node tests/bench/readme.mjs
}

# fresh_wasm builds only if a committed module does not match its sources.
fresh_wasm() {
	local module
	for module in $MODULES; do
		manifest check "$module" && continue
		say 'so it is built anew, which needs TinyGo'
		build_wasm
		return
	done
	copy_wasm
}

# copy_wasm puts the modules where the npm package expects them and their hashes
# into it, and, where npm's packages are, joins its scripts.
copy_wasm() {
	local module
	for module in $MODULES; do
		cmp -s "$module" "wasm/js/${module##*/}" || cp "$module" wasm/js/
	done
	go run ./wasm/js/gen
	[ ! -d tests/node_modules/esbuild ] || node wasm/js/gen/publish.mjs
}

reproduce() {
	set_up_tinygo
	local elsewhere module built
	elsewhere=$(mktemp -d)
	# shellcheck disable=SC2064 # the folder of now
	trap "rm -rf '$elsewhere'" EXIT
	mkdir -p "$elsewhere/another place/.tools"
	cp -r go.mod go.sum wasm "$elsewhere/another place/"
	for module in $MODULES; do
		built=$elsewhere/${module##*/}
		manifest check "$module" || die "$module is not of these sources" 'run ./build.sh wasm and commit what it writes'
		: >"$elsewhere/another place/$module" # package wasm embeds it; no module does
		# Another cache, so that nothing compiled before is used again.
		(
			cd "$elsewhere/another place"
			GOCACHE=$(go env GOCACHE) XDG_CACHE_HOME=$elsewhere/cache compile "$module" "$built"
		)
		echo "$module"
		echo "  committed $(sha256 "$module")"
		echo "  rebuilt   $(sha256 "$built")"
		cmp "$module" "$built" ||
			die "$module does not reproduce" "are LLVM $LLVM_VERSION and TinyGo $TINYGO_VERSION what built it? .build/tinygo-$TINYGO_VERSION can be removed and is built anew"
	done
	go run ./wasm/js/gen -check || die 'wasm/js/pin.js is not of these modules' 'run ./build.sh wasm and commit what it writes'
	echo "counts: $(wc -w <<<"$MODULES") modules rebuilt with the same bytes"
}

# --- releases ----------------------------------------------------------------

readonly PLATFORMS='linux-amd64 linux-arm64 darwin-amd64 darwin-arm64 windows-amd64 windows-arm64'

# release_tool WORD [OPTION...]: see verifier/release/make.
release_tool() {
	mkdir -p .build/tools
	pinned_go go build -trimpath -o .build/tools/make ./verifier/release/make
	.build/tools/make "$@"
}

# build_release VERSION DIR: what a release is made of.
build_release() {
	local version=$1 dir=$2 platform
	need_go
	set_up_npm # the package's bundles
	fresh_wasm
	rm -rf "$dir"
	release_tool keys -o "$dir/keys"
	pinned_go go run ./site/build -o "$dir/site" -version "$version" -keys "$dir/keys" -policy verifier/trust.policy
	pinned_go go run ./$WORKER/pack -o "$dir/worker"
	for platform in $PLATFORMS; do
		local program=$dir/verifier/$platform/verifier
		[[ $platform != windows-* ]] || program=$program.exe
		mkdir -p "${program%/*}"
		# -buildid= and -trimpath: nothing of this folder or cache is left.
		GOOS=${platform%-*} GOARCH=${platform#*-} CGO_ENABLED=0 pinned_go \
			go build -trimpath -buildvcs=false -ldflags='-s -w -buildid=' -o "$program" ./verifier
	done
}

# commit_of: the commit and its time, or zeros and a fixed time without git.
commit_of() {
	local top
	if top=$(git rev-parse --show-toplevel 2>/dev/null) && [ "$top" = "$ROOT" ]; then
		[ -z "$(git status --porcelain 2>/dev/null)" ] || say 'note: there are files that are not those of the commit'
		echo "-commit $(git rev-parse HEAD) -time $(git log -1 --format=%cI)"
	else
		say 'note: no commit is known'
		[ -z "${SOURCE_DATE_EPOCH:-}" ] || echo "-time $(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)"
	fi
}

# release VERSION [OPTION...]
release() {
	[ $# -gt 0 ] || die 'release needs a version' './build.sh release 1.4.0'
	local version=$1 words
	shift
	build_release "$version" .build/release
	# A trial has the time of its commit, so that two builds are the same bytes.
	words=$(commit_of)
	[ ! -f site/log/checkpoint ] || words=${words%% -time*}
	rm -rf dist
	# shellcheck disable=SC2086 # words
	release_tool release -version "$version" $words "-tool=go=$GO_VERSION" "-tool=tinygo=$TINYGO_VERSION" "-tool=llvm=$LLVM_VERSION" "$@"
}

# reproduce_release MANIFEST
reproduce_release() {
	local version
	[ -f "$1" ] || die "there is no file $1" './build.sh release writes dist/manifest; every release has its manifest in its log'
	version=$(sed -n 's/^version //p' "$1" | head -1)
	[ -n "$version" ] || die "$1 is not a manifest"
	build_release "$version" .build/reproduced
	# shellcheck disable=SC2046 # words
	release_tool compare -manifest "$1" -from .build/reproduced $(commit_of | sed 's/ -time.*//') \
		"-tool=go=$GO_VERSION" "-tool=tinygo=$TINYGO_VERSION" "-tool=llvm=$LLVM_VERSION"
}

# twice makes the same release in two copies of this folder that share no cache,
# with another zone, language and mask, and older files.
twice() {
	need_go
	set_up_npm
	fresh_wasm
	local place top way
	top=$(mktemp -d)
	# shellcheck disable=SC2064 # the folder of now
	trap "chmod -R u+w '$top'; rm -rf '$top'" EXIT
	for place in one 'another place'; do
		mkdir -p "$top/$place/.build"
		(
			cd "$top/$place"
			cp -r "$ROOT"/{.tools,build.sh,go.mod,go.sum,site,wasm,verifier} .
			mkdir tests
			cp "$ROOT"/tests/package*.json tests/
			ln -s "$ROOT/tests/node_modules" tests/node_modules
			ln -s "$ROOT/.build/tinygo-$TINYGO_VERSION" ".build/tinygo-$TINYGO_VERSION"
			rm -rf wasm/js/dist
			way=(TZ=UTC)
			if [ "$place" != one ]; then
				find . -type f -exec touch -d 2001-02-03 {} +
				umask 077
				way=(TZ=Asia/Kathmandu LC_ALL=C LANG=tr_TR.UTF-8)
			fi
			say "building in a folder named $place"
			env "${way[@]}" GOCACHE="$top/cache $place" XDG_CACHE_HOME="$top/cache $place" ./build.sh release 1.0.0-twice -time 2026-01-01T00:00:00Z >&2
		)
	done
	diff -r "$top/one/dist" "$top/another place/dist" || die 'the two releases are not the same' 'the files that differ stand above'
	echo "counts: $(find "$top/one/dist" -type f | wc -l) files of two releases are the same bytes"
}

# hosts runs a release on what people host sites with. Their programs are
# unpacked, not installed: an installed one starts as a daemon.
hosts() {
	need_go
	set_up_npm
	set_up_chromium
	fresh_wasm
	local at=.build/hosts packages=(nginx caddy apache2-bin libapr1 libaprutil1) netlify=netlify-cli@21.6.0 # the newest for Node 20.0
	if [ ! -f "$at/ready" ]; then
		have apt-get || die 'the hosts are taken from Debian packages' 'run it on Debian, or in a container of it'
		say "downloading ${packages[*]} (needs Debian's packages once; installs none)"
		rm -rf "$at"
		mkdir -p "$at"
		(cd "$at" && apt-get -q download "${packages[@]}" >&2) || die 'the packages could not be downloaded' 'apt-get update first'
		local package
		for package in "$at"/*.deb; do dpkg -x "$package" "$at/root"; done
		say "installing $netlify, 280 MB (needs the npm registry once; runs none of its scripts)"
		npm install --prefix "$at/root/netlify" --ignore-scripts --no-audit --no-fund "$netlify" >&2 ||
			die 'npm install failed' 'point npm at a registry that answers: npm config set registry URL'
		touch "$at/ready"
	fi
	node tests/hosts/hosts.mjs "$ROOT/$at/root"
}

# --- site --------------------------------------------------------------------

build_site() {
	need_go
	fresh_wasm
	go run ./site/build -o .build/site
}

# serve [ADDRESS] [OPTION...]
serve() {
	local addr=127.0.0.1:8080
	[[ ${1:--} == -* ]] || { addr=$1; shift; }
	build_site
	# Not `go run`: the server itself is to get the interrupt.
	go build -o .build/server ./wasm/edge/server
	exec .build/server -dir .build/site -data .build/directory -addr "$addr" "$@"
}

# --- worker ------------------------------------------------------------------

readonly WORKER=wasm/edge/worker

# worker [serve [PORT] | WORD...]: see wasm/edge/README.md.
worker() {
	build_site
	go run ./$WORKER/pack -o .build/worker
	[ $# -gt 0 ] || { say "built .build/worker: $(wc -c <.build/worker/edge/worker/app.wasm) bytes of Go"; return; }
	set_up_npm
	if [ "$1" = serve ]; then
		exec node $WORKER/serve.mjs "{\"data\": \".build/worker-data\", \"port\": ${2:-8080}}"
	fi
	if [ "$1" = import ] || [ "$1" = export ]; then
		exec node $WORKER/move.mjs $WORKER/wrangler.jsonc "$@"
	fi
	WRANGLER_SEND_METRICS=false exec node tests/node_modules/wrangler/bin/wrangler.js --config $WORKER/wrangler.jsonc "$@"
}

# --- proof -------------------------------------------------------------------

go_files() { find . -name '*.go' -not -path './.build/*' -not -path '*/node_modules/*'; }

check_format() {
	local bad
	bad=$(go_files | xargs gofmt -l)
	[ -z "$bad" ] || { echo "not gofmt's format: $bad"; return 1; }
	echo "counts: $(go_files | wc -l) Go files formatted"
}

check_shell() {
	shellcheck --external-sources --check-sourced --severity=warning build.sh .ci/run
	echo 'counts: 3 shell scripts checked'
}

check_vet() {
	go vet ./...
	GOOS=js GOARCH=wasm go vet ./wasm/edge/cloudflare ./wasm/edge/worker ./tests/edge/d1
	local tool
	for tool in .tools/*/main.go; do go vet "$tool"; done
}

check_types() {
	local config n=0
	for config in $(find wasm site tests -name tsconfig.json -not -path '*/node_modules/*' | sort); do
		tests/node_modules/.bin/tsc -p "$config" || { echo "in $config"; return 1; }
		n=$((n + 1))
	done
	[ $n -gt 0 ] || { echo 'no tsconfig.json found'; return 1; }
	echo "counts: $n TypeScript projects checked"
}

# node_tests DIR... runs the test files under them, one file at a time: the
# browser and the machine are shared.
node_tests() {
	local files
	files=$(find "$@" -not -path '*/apps/*' '(' -name '*.test.mjs' -o -name '*.test.js' ')' | sort)
	[ -n "$files" ] || { echo "no tests in $*"; return 1; }
	# shellcheck disable=SC2086 # no test file has a blank in its name
	node --test --test-concurrency=1 --test-reporter=spec $files
}

readonly STEPS='format shell reproduce vet go types site js browser'

run_step() {
	[ "$1" = reproduce ] || copy_wasm
	case $1 in
	format) check_format ;;
	shell) check_shell ;;
	reproduce) reproduce ;;
	vet) check_vet ;;
	go) tool gotest -timeout 40m ./... ;;
	types) check_types ;;
	site) build_site ;;
	js) node_tests tests/js tests/toolchains ;;
	browser) node_tests tests/browser ;;
	*) die "no step \"$1\"" "there are: $STEPS" ;;
	esac
}

# run_tests [STEP...] stops at the first step that fails. Each step runs in a
# shell of its own, because errexit holds in no function that is asked whether
# it failed.
run_tests() {
	# shellcheck disable=SC2086 # words
	[ $# -gt 0 ] || set -- $STEPS
	set_up_tinygo
	set_up_modules
	set_up_npm
	set_up_chromium
	set_up_engines
	set_up_shellcheck
	set_up_java
	mkdir -p .build/log
	rm -f .build/log/*.txt
	: >.build/log/summary
	local name began log
	for name; do
		began=$SECONDS
		log=.build/log/$name.txt
		say "$name"
		./build.sh step "$name" 2>&1 | tee "$log" ||
			die "$name failed after $((SECONDS - began)) s" "what it printed is in $log; run it alone with ./build.sh test $name"
		printf '%s\t%s s\t%s\n' "$name" $((SECONDS - began)) "$(counts "$log")" >>.build/log/summary
	done
	say "passed, all in $SECONDS s"
	column -ts$'\t' .build/log/summary 2>/dev/null || cat .build/log/summary
	echo "$(passed) passed, 0 failed" # a failure has ended it before
}

# counts LOG: what a step says it ran, on one line.
counts() {
	sed -nE 's/^ *counts: //p; s/^[^ ]+ ((tests|pass|fail) [0-9]+)$/\1/p' "$1" | paste -sd'|' | sed 's/|/; /g'
}

# passed: how many tests of Go and Node passed in all.
passed() {
	sed -nE 's/^counts: .* ([0-9]+) tests passed, .*/\1/p; s/^[^ ]+ pass ([0-9]+)$/\1/p' .build/log/*.txt |
		awk '{ n += $1 } END { print n + 0 }'
}

bench() {
	local what=${1:-}
	[ $# -eq 0 ] || shift
	if [ "$what" = load ]; then
		need_go
	else
		set_up_npm
	fi
	case $what in
	load | worker | private) ;;
	*)
		set_up_chromium
		fresh_wasm
		;;
	esac
	case $what in
	load) go run ./tests/bench/load "$@" ;;
	worker) go run ./tests/bench/load -worker -seconds 2 -people "${1:-100000}" ;;
	private) go run ./tests/bench/load -private ;;
	oprf | trust | first | sha256 | site) node "tests/bench/$what.mjs" "$@" ;;
	audit)
		node tests/bench/audit/module.mjs
		node tests/bench/audit/match.mjs
		;;
	contacts)
		node tests/bench/contacts.mjs
		go test -run '^$' -bench '^BenchmarkVCard$' ./wasm/contacts
		;;
	tags)
		node tests/bench/tags.mjs
		go test -run '^$' -bench '^BenchmarkTags$' -benchtime 30x ./wasm/directory
		;;
	lighthouse)
		if [ ! -d tests/bench/lighthouse/node_modules ]; then
			say 'installing Lighthouse, 190 MB (needs the npm registry once; runs none of its scripts)'
			(cd tests/bench/lighthouse && npm ci --ignore-scripts --no-audit --no-fund >&2) ||
				die 'npm ci failed' 'point npm at a registry that answers: npm config set registry URL'
		fi
		node tests/bench/lighthouse/run.mjs "$@"
		;;
	'' | --*) node tests/bench/run.mjs ${what:+"$what"} "$@" ;;
	*) die "there is no benchmark named $what" './build.sh help lists them' ;;
	esac
}

# toolchains [ID...]: see tests/toolchains/heavy.mjs.
toolchains() {
	set_up_npm
	set_up_chromium
	fresh_wasm
	node tests/toolchains/heavy.mjs "$@"
}

# numbers COUNT compares with nyaruka's port to Go, Google's build in JavaScript
# and, set up here, libphonenumber itself in Java. Each difference has to have a
# known cause, or the test fails.
numbers() {
	set_up_modules
	set_up_npm
	set_up_java
	local log=.build/log/numbers.txt
	mkdir -p .build/log
	say "comparing $1 inputs with each of three builds"
	(cd tests/numbers && go test -v -timeout 0 -run '^Test(Nyaruka|Google|Java)$' . -args -nyaruka "$1" -google "$1" -java "$1") | tee "$log" ||
		die 'there are differences without a known cause' "they are in $log; fix them, or explain them in tests/numbers/causes.go"
}

readonly METADATA=wasm/number/gentable/metadata.json

# metadata [VERSION [PACKAGE]]; without VERSION the package of the lock file is
# read again.
metadata() {
	set_up_npm
	local version old=.build/metadata.json new=.build/metadata-new.json
	version=${1:-$(sed -n 's/^"version": "\(.*\)",$/\1/p' $METADATA)}
	mkdir -p .build/log
	cp $METADATA $old
	if [ $# -gt 0 ]; then
		say "fetching google-libphonenumber ${2:-latest} (needs the npm registry)"
		(cd tests && npm install --save-dev --save-exact --ignore-scripts --no-audit --no-fund "google-libphonenumber@${2:-latest}" >&2) ||
			die 'npm could not install google-libphonenumber' 'npm view google-libphonenumber versions lists those there are'
		touch "tests/node_modules/.lock-$(sha256 tests/package-lock.json)"
	fi
	node wasm/number/gentable/dump.mjs "$version" >$new
	mv $new $METADATA
	local package
	package=$(node -p 'require("./tests/node_modules/google-libphonenumber/package.json").version')
	sed -i -E "s/^([0-9]+\.)+[0-9]+, Copyright/$version, Copyright/; s/^([0-9]+\.)+[0-9]+ on npm/$package on npm/" wasm/js/NOTICE
	go run ./wasm/number/gentable
	node wasm/js/gen/plans.mjs
	build_wasm
	say 'what changed in the metadata'
	go run ./wasm/number/gentable -diff $old
	say 'how the tests moved; "A, not B" is a count to look at and then to write down'
	go test ./wasm/number/... ./wasm/contacts/sift ./tests/numbers 2>&1 | tee .build/log/metadata.txt ||
		say 'where nothing but counts moved, write the new ones down; the rest is to be understood first'
}

# fuzz TIME
fuzz() {
	local file name
	grep -rlE '^func Fuzz' --include='*_test.go' wasm verifier site tests --exclude-dir=node_modules | sort |
		while read -r file; do
			for name in $(sed -nE 's/^func (Fuzz[A-Za-z0-9_]*)\(.*/\1/p' "$file"); do
				say "$name in ${file%/*}, $1"
				go test "./${file%/*}" -run='^$' -fuzz="^$name\$" -fuzztime="$1"
			done
		done
}

clean() {
	chmod -R u+w .build 2>/dev/null || true
	rm -rf .build dist tests/node_modules wasm/js/*.wasm wasm/js/*.tgz
}

word=${1:-help}
[ $# = 0 ] || shift
case $word in
serve) serve "$@" ;;
worker) worker "$@" ;;
test) run_tests "$@" ;;
step) run_step "$@" ;;
wasm) build_wasm ;;
site) build_site ;;
reproduce) if [ $# -gt 0 ]; then reproduce_release "$@"; else reproduce; fi ;;
release) release "$@" ;;
log) release_tool "$@" ;;
twice) twice ;;
hosts) hosts ;;
bench) bench "$@" ;;
toolchains) toolchains "$@" ;;
numbers) numbers "${1:-10000000}" ;;
metadata) metadata "$@" ;;
fuzz) fuzz "${1:-1m}" ;;
setup) set_up_tinygo; set_up_modules; set_up_npm; set_up_chromium; set_up_engines; set_up_java ;;
clean) clean ;;
help | -h | --help) usage ;;
*)
	usage >&2
	die "no word \"$word\""
	;;
esac
