// Completion for bash: one function that knows every command, its options and what stands where.
import { type CompletedCommand, type CompletedOption, flatten, type WordKind } from './command-tree.ts';

export function bashScript(root: CompletedCommand): string {
  const commands = flatten(root);
  return `# Completion of yeoul for bash.  Use:  source <(yeoul completion bash)
_yeoul_jobs() {
  COMPREPLY+=($(compgen -W "$(yeoul list --quiet 2>/dev/null)" -- "$1"))
}

_yeoul() {
  local cur prev word path='' value='' count=0 i
  cur=\${COMP_WORDS[COMP_CWORD]}
  prev=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  # The command that the words so far name, and how many words stand after it.
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $value ]]; then value=''; continue; fi
    case "$path/$word" in
${commands.flatMap(pathCases).join('\n')}
      */-*) _yeoul_takes_value "$path" "$word" && value=1 ;;
      *) count=$((count + 1)) ;;
    esac
  done
  case "$path $prev" in
${commands.flatMap(valueCases).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    case "$path" in
${commands.map(optionCase).join('\n')}
    esac
    return
  fi
  case "$path/$count" in
${commands.flatMap(wordCases).join('\n')}
  esac
}

_yeoul_takes_value() {
  case "$1 $2" in
${commands.flatMap(takesValueCases).join('\n')}
  esac
  return 1
}

complete -o bashdefault -F _yeoul yeoul
`;
}

/** "savepoint" + "list" → "savepoint list"; aliases lead to the command they stand for. */
function pathCases({ path, commands }: CompletedCommand): string[] {
  return commands.map(({ names, path: next }) => {
    const patterns = names.map((name) => quote(`${path}/${name}`)).join('|');
    return `      ${patterns}) path=${quote(next)}; count=0 ;;`;
  });
}

function valuedOptions({ options }: CompletedCommand): readonly CompletedOption[] {
  return options.filter(({ value }) => value !== undefined);
}

function patternsOf({ path }: CompletedCommand, { names }: CompletedOption): string {
  return names.map((name) => quote(`${path} ${name}`)).join('|');
}

function takesValueCases(command: CompletedCommand): string[] {
  return valuedOptions(command).map((option) => `    ${patternsOf(command, option)}) return 0 ;;`);
}

function valueCases(command: CompletedCommand): string[] {
  return valuedOptions(command).map((option) => {
    const { kind, choices } = option.value ?? { kind: 'free' as const, choices: [] };
    return `    ${patternsOf(command, option)}) ${completeWord(kind, choices)}; return ;;`;
  });
}

function optionCase({ path, options }: CompletedCommand): string {
  const names = options.flatMap((option) => option.names).join(' ');
  return `      ${quote(path)}) COMPREPLY=($(compgen -W ${quote(names)} -- "$cur")) ;;`;
}

function wordCases({ path, words, isVariadic, commands }: CompletedCommand): string[] {
  const verbs = commands.flatMap(({ names }) => names.slice(0, 1));
  const places = Math.max(words.length, verbs.length > 0 ? 1 : 0);
  return Array.from({ length: places }, (_, i) => {
    const word = words[i] ?? { kind: 'free' as const, choices: [] };
    const isRepeated = isVariadic && i === words.length - 1;
    const own = i === 0 && verbs.length > 0 ? `COMPREPLY=($(compgen -W ${quote(verbs.join(' '))} -- "$cur")); ` : '';
    const pattern = isRepeated ? `${quote(`${path}/`)}*` : quote(`${path}/${i}`);
    return `    ${pattern}) ${own}${completeWord(word.kind, word.choices)} ;;`;
  });
}

function completeWord(kind: WordKind, choices: readonly string[]): string {
  switch (kind) {
    case 'job':
      return `_yeoul_jobs "$cur"; [[ \${#COMPREPLY[@]} -gt 0 ]] || compopt -o default`;
    case 'file':
      return 'compopt -o default';
    case 'folder':
      return 'compopt -o dirnames';
    case 'choice':
      return `COMPREPLY=($(compgen -W ${quote(choices.join(' '))} -- "$cur"))`;
    case 'free':
      return ':';
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
