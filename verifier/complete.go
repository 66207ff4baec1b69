package main

import (
	"fmt"
	"strings"

	"sealbook/wasm/recipe"
)

// recipeWords are what completion offers for a recipe.
func recipeWords() []string {
	ids := []string{"all"}
	for i := range recipe.Count() {
		ids = append(ids, recipe.At(i).ID())
	}
	return ids
}

var completionCommand = command{
	name:  "completion",
	usage: []string{"bash|zsh|fish"},
	brief: "write a completion script for a shell",
	about: `Writes a script that completes commands, options, regions and recipes.`,
	exits: [3]string{"always, unless the shell is unknown", "", "no such shell"},
	samples: []string{
		"source <(verifier completion bash)",
		"verifier completion zsh > \"${fpath[1]}/_verifier\"",
		"verifier completion fish > ~/.config/fish/completions/verifier.fish",
	},
	run: func(s *session) (int, error) {
		if len(s.args) == 1 {
			if script, ok := map[string]func() string{"bash": bashScript, "zsh": zshScript, "fish": fishScript}[s.args[0]]; ok {
				return clean, print(s.out, script())
			}
		}
		return 0, fail("completion is for bash, zsh or fish", "as in: source <(verifier completion bash)")
	},
}

func bashScript() string {
	var names []string
	var byCommand, values strings.Builder
	for _, c := range commands {
		names = append(names, c.name)
		var opts []string
		for _, o := range c.options {
			opts = append(opts, "--"+o)
		}
		fmt.Fprintf(&byCommand, "\t%s) opts='%s' ;;\n", c.name, strings.Join(append(opts, "--help"), " "))
	}
	for _, o := range optionTable {
		switch {
		case o.value == "":
		case o.words != nil:
			fmt.Fprintf(&values, "\t--%s) COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n", o.name, strings.Join(o.words(), " "))
		case o.value == "FILE":
			fmt.Fprintf(&values, "\t--%s) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n", o.name)
		default:
			fmt.Fprintf(&values, "\t--%s) return ;;\n", o.name)
		}
	}
	return fmt.Sprintf(`# bash completion for verifier
_verifier() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} opts=
	COMPREPLY=()
	if [ "$COMP_CWORD" = 1 ]; then
		COMPREPLY=($(compgen -W '%s' -- "$cur"))
		return
	fi
	case $prev in
%s	esac
	case ${COMP_WORDS[1]} in
	help) COMPREPLY=($(compgen -W '%s' -- "$cur")); return ;;
	completion) COMPREPLY=($(compgen -W 'bash zsh fish' -- "$cur")); return ;;
	recipes) [ "${cur:0:1}" = - ] || COMPREPLY=($(compgen -W '%s' -- "$cur")) ;;
	wasm|transcript) [ "${cur:0:1}" = - ] || COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
	case ${COMP_WORDS[1]} in
%s	esac
	[ "${cur:0:1}" != - ] || COMPREPLY=($(compgen -W "$opts" -- "$cur"))
}
complete -o filenames -F _verifier verifier
`, strings.Join(names, " "), values.String(), strings.Join(names, " "), strings.Join(recipeWords()[1:], " "), byCommand.String())
}

func zshScript() string {
	var list, byCommand strings.Builder
	for _, c := range commands {
		fmt.Fprintf(&list, "\t\t'%s:%s'\n", c.name, zshQuote(c.brief))
		fmt.Fprintf(&byCommand, "\t%s) _arguments '--help[show this help]'", c.name)
		for _, name := range c.options {
			o := findOption(name)
			fmt.Fprintf(&byCommand, " \\\n\t\t'*--%s[%s]", o.name, zshQuote(o.help))
			switch {
			case o.value == "":
			case o.words != nil:
				fmt.Fprintf(&byCommand, ":%s:(%s)", o.value, strings.Join(o.words(), " "))
			case o.value == "FILE":
				fmt.Fprintf(&byCommand, ":%s:_files", o.value)
			default:
				fmt.Fprintf(&byCommand, ":%s: ", o.value)
			}
			byCommand.WriteString("'")
		}
		switch c.name {
		case "wasm", "transcript":
			byCommand.WriteString(" '*:file:_files'")
		case "completion":
			byCommand.WriteString(" '*:shell:(bash zsh fish)'")
		case "recipes":
			fmt.Fprintf(&byCommand, " '*:recipe:(%s)'", strings.Join(recipeWords()[1:], " "))
		}
		byCommand.WriteString(" ;;\n")
	}
	return fmt.Sprintf(`#compdef verifier
# zsh completion for verifier
_verifier() {
	local -a list
	list=(
%s	)
	if (( CURRENT == 2 )); then
		_describe command list
		return
	fi
	shift words
	(( CURRENT-- ))
	case $words[1] in
%s	help) _describe command list ;;
	esac
}
if [ "$funcstack[1]" = _verifier ]; then _verifier "$@"; else compdef _verifier verifier; fi
`, list.String(), byCommand.String())
}

// zshQuote is text as a description inside single quotes and brackets.
func zshQuote(s string) string {
	return strings.NewReplacer("'", "’", "[", "(", "]", ")", ":", "\\:").Replace(s)
}

func fishScript() string {
	var b strings.Builder
	b.WriteString("# fish completion for verifier\ncomplete -c verifier -f\n")
	quote := func(s string) string { return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'" }
	for _, c := range commands {
		fmt.Fprintf(&b, "complete -c verifier -n __fish_use_subcommand -a %s -d %s\n", c.name, quote(c.brief))
		on := "-n '__fish_seen_subcommand_from " + c.name + "'"
		for _, name := range append(c.options[:len(c.options):len(c.options)], "help") {
			o := findOption(name)
			fmt.Fprintf(&b, "complete -c verifier %s -l %s -d %s", on, o.name, quote(o.help))
			switch {
			case o.value == "":
			case o.words != nil:
				fmt.Fprintf(&b, " -x -a %s", quote(strings.Join(o.words(), " ")))
			case o.value == "FILE":
				b.WriteString(" -r -F")
			default:
				b.WriteString(" -x")
			}
			b.WriteString("\n")
		}
	}
	b.WriteString("complete -c verifier -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'\n")
	fmt.Fprintf(&b, "complete -c verifier -n '__fish_seen_subcommand_from recipes' -a %s\n", quote(strings.Join(recipeWords()[1:], " ")))
	b.WriteString("complete -c verifier -n '__fish_seen_subcommand_from wasm transcript' -F\n")
	return b.String()
}
