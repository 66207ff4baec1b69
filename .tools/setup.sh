# Sets up what build.sh needs; sourced by it. Nothing here runs when what it
# would set up is there already. Everything lands in .build, in tests/node_modules
# or, for Debian packages, in the system.

# Pinned. The bytes of core.wasm depend on all three; change one, and run
# `./build.sh wasm` and commit what it writes.
readonly GO_VERSION=1.26.8
readonly TINYGO_VERSION=0.42.0
readonly LLVM_VERSION=19.1.7
# What `go mod download -json github.com/tinygo-org/tinygo@v0.42.0` calls Sum.
readonly TINYGO_SUM='h1:KaoHBhjcoMzpMEclFKV6vl5hcyJyewOBSzHE6S5d/Jg='

say() { printf '== %s\n' "$*" >&2; }

# die MESSAGE [HINT]
die() {
	printf 'error: %s\n' "$1" >&2
	[ $# -lt 2 ] || printf 'hint: %s\n' "$2" >&2
	exit 2
}

have() { command -v "$1" >/dev/null 2>&1; }

need_go() {
	have go || die 'Go is missing' 'install Go 1.26 or newer from https://go.dev/dl/ and put it on PATH'
}

need_node() {
	have node && have npm || die 'Node is missing' 'install Node 20 or newer with npm and put it on PATH'
	local major
	major=$(node -p 'process.versions.node.split(".")[0]')
	[ "$major" -ge 20 ] || die "Node $(node --version) is too old" 'install Node 20 or newer'
}

# debian WHAT-FOR PACKAGE... installs Debian packages, as root or with sudo.
debian() {
	local why=$1 root=()
	shift
	local hint="install these yourself, then run this again: $*"
	have apt-get || die "$why needs packages, and this system has no apt-get" "$hint"
	if [ "$(id -u)" != 0 ]; then
		have sudo || die "$why needs packages, and neither root nor sudo is here" "as root: apt-get install $*"
		root=(sudo)
	fi
	say "$why: installing $* (needs the network and root)"
	"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2 ||
		say 'apt-get update failed; going on with the lists that are here'
	"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@" >&2 ||
		die "apt-get could not install $*" "$hint"
}

# build_tool NAME compiles a program of .tools; `go run` would add its exit
# status to what the program says.
build_tool() {
	mkdir -p .build/tools
	go build -trimpath -o ".build/tools/$1" ".tools/$1/main.go"
}

# tool NAME ARGUMENT...
tool() {
	build_tool "$1"
	".build/tools/$1" "${@:2}"
}

# set_up_tinygo leaves TINYGO, TINYGOROOT and WASMOPT set to what builds the core.
set_up_tinygo() {
	need_go
	build_tool wasmopt
	export WASMOPT=$ROOT/.build/tools/wasmopt

	if have tinygo && is_pinned_tinygo tinygo; then
		TINYGO=$(command -v tinygo)
		return 0
	fi
	local home=$PWD/.build/tinygo-$TINYGO_VERSION
	export TINYGOROOT=$home/src
	export PATH=$PATH:/usr/lib/llvm-19/bin
	if ! { [ -f "$home/ready" ] && is_pinned_tinygo "$home/tinygo"; }; then
		build_tinygo "$home"
	fi
	TINYGO=$home/tinygo
}

# is_pinned_tinygo PROGRAM: version and LLVM are the pinned ones, and it runs.
is_pinned_tinygo() {
	"$1" version 2>/dev/null | grep -q "^tinygo version $TINYGO_VERSION .*LLVM version $LLVM_VERSION)"
}

# build_tinygo DIR
build_tinygo() {
	local home=$1 packages=()
	[ -f /usr/lib/llvm-19/include/llvm-c/Core.h ] || packages+=(llvm-19-dev)
	[ -f /usr/lib/llvm-19/include/clang-c/Index.h ] || packages+=(libclang-19-dev)
	have clang-19 || packages+=(clang-19)
	have wasm-ld-19 || packages+=(lld-19)
	have c++ || packages+=(g++)
	[ ${#packages[@]} = 0 ] || debian "TinyGo with LLVM $LLVM_VERSION" "${packages[@]}"
	local llvm
	llvm=$(/usr/lib/llvm-19/bin/llvm-config --version)
	[ "$llvm" = "$LLVM_VERSION" ] ||
		say "LLVM is $llvm, not $LLVM_VERSION: the core may come out with other bytes"

	say "building TinyGo $TINYGO_VERSION into .build (needs the Go module proxy once; about two minutes)"
	local json dir sum
	json=$(go mod download -json "github.com/tinygo-org/tinygo@v$TINYGO_VERSION") ||
		die 'could not download TinyGo' "set GOPROXY to a module proxy that answers, or put tinygo $TINYGO_VERSION with LLVM $LLVM_VERSION on PATH"
	dir=$(sed -n 's/^\t"Dir": "\(.*\)",$/\1/p' <<<"$json")
	sum=$(sed -n 's/^\t"Sum": "\(.*\)",$/\1/p' <<<"$json")
	[ "$sum" = "$TINYGO_SUM" ] || die "TinyGo's source has hash $sum, not $TINYGO_SUM"

	rm -rf "$home"
	mkdir -p "$home"
	cp -r "$dir" "$home/src"
	chmod -R u+w "$home/src"
	mkdir -p "$home/src/src/net/http" # a submodule, which module downloads leave out
	(
		cd "$home/src"
		# The flasher is for ESP chips, and proxies refuse it.
		go mod edit -replace "tinygo.org/x/espflasher=$ROOT/.tools/espflasher"
		go build -trimpath -tags llvm19 -o "$home/tinygo" . >&2
	) || die 'TinyGo did not build' 'what the compiler said is above; with the network gone, set GOPROXY to a module proxy that answers'
	touch "$home/ready"
}

# set_up_modules fetches the Go modules of go.sum.
set_up_modules() {
	need_go
	GOPROXY=off go mod download >/dev/null 2>&1 && return 0
	say 'fetching the Go modules of go.sum (needs the Go module proxy once)'
	go mod download || die 'go mod download failed' 'set GOPROXY to a module proxy that answers'
}

# set_up_npm installs the packages of tests/package-lock.json.
set_up_npm() {
	need_node
	local stamp
	stamp=tests/node_modules/.lock-$(sha256 tests/package-lock.json)
	[ -f "$stamp" ] && return 0
	say 'installing the npm packages of tests/package-lock.json (needs the npm registry once; runs none of their scripts)'
	(cd tests && npm ci --ignore-scripts --no-audit --no-fund >&2) ||
		die 'npm ci failed' 'point npm at a registry that answers: npm config set registry URL'
	touch "$stamp"
}

# set_up_java installs libphonenumber itself, and a compiler for what asks it.
set_up_java() {
	local packages=()
	have javac || packages+=(default-jdk-headless)
	[ -f /usr/share/java/libphonenumber.jar ] || packages+=(libphonenumber8-java)
	[ ${#packages[@]} = 0 ] || debian 'The comparison with libphonenumber in Java' "${packages[@]}"
}

# set_up_chromium leaves CHROMIUM set to a browser.
set_up_chromium() {
	local name
	if [ -n "${CHROMIUM:-}" ]; then
		have "$CHROMIUM" || die "CHROMIUM is $CHROMIUM, which does not run" 'unset it or name a Chromium or Chrome'
		CHROMIUM=$(command -v "$CHROMIUM")
		export CHROMIUM
		return 0
	fi
	for name in chromium chromium-browser google-chrome google-chrome-stable; do
		if have "$name"; then
			CHROMIUM=$(command -v "$name")
			export CHROMIUM
			return 0
		fi
	done
	debian 'The browser tests' chromium
	CHROMIUM=$(command -v chromium)
	export CHROMIUM
}

set_up_shellcheck() {
	have shellcheck || debian 'The check of shell scripts' shellcheck
}

# set_up_engines installs the other engines that the browser tests drive:
# Firefox, and WebKit with its driver and a screen to run on.
set_up_engines() {
	local packages=()
	have "${FIREFOX:-firefox-esr}" || packages+=(firefox-esr)
	have WebKitWebDriver || packages+=(webkit2gtk-driver)
	have Xvfb || packages+=(xvfb)
	{ have localedef && [ -f /usr/share/i18n/locales/en_GB ]; } || packages+=(locales)
	[ ${#packages[@]} = 0 ] || debian 'The browser tests in Firefox and WebKit' "${packages[@]}"
}

# sha256 FILE prints its SHA-256 in hexadecimal.
sha256() {
	if have sha256sum; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1
}
