// Completion for zsh: _arguments for every command, with the descriptions that --help shows.
import { type CompletedCommand, type CompletedOption, type CompletedWord, flatten } from './command-tree.ts';

export function zshScript(root: CompletedCommand): string {
  return `#compdef yeoul
# Completion of yeoul for zsh.  Use:  source <(yeoul completion zsh)
_yeoul_jobs() {
  local -a jobs
  jobs=(\${(f)"$(yeoul list --quiet 2>/dev/null)"})
  compadd -a jobs
}

${flatten(root).map(commandFunction).join('\n\n')}

if [[ \${funcstack[1]} == _yeoul ]]; then
  _yeoul "$@"
else
  compdef _yeoul yeoul
fi
`;
}

function functionName(path: string): string {
  return ['_yeoul', ...path.split(' ').filter(Boolean)].join('_');
}

function commandFunction(command: CompletedCommand): string {
  return command.commands.length > 0 ? parentFunction(command) : leafFunction(command);
}

function leafFunction({ path, options, words, isVariadic }: CompletedCommand): string {
  const specs = [
    ...options.flatMap(optionSpecs),
    ...words.map((word, i) => wordSpec(word, isVariadic && i === words.length - 1 ? '*' : String(i + 1))),
  ];
  return `${functionName(path)}() {\n  _arguments -s \\\n    ${specs.join(' \\\n    ')}\n}`;
}

function parentFunction({ path, options, commands, words }: CompletedCommand): string {
  const described = commands.map(({ names, description }) => quote(`${names[0]}:${description}`)).join(' ');
  const cases = commands.map(({ names, path: next }) => `        ${names.join('|')}) ${functionName(next)} ;;`);
  const other = words[0] === undefined ? '_files' : actionOf(words[0]);
  return `${functionName(path)}() {
  local curcontext="$curcontext" state line
  _arguments -C \\
    ${options.flatMap(optionSpecs).join(' \\\n    ')} \\
    '1: :->command' '*:: :->arguments'
  case $state in
    command)
      local -a commands
      commands=(${described})
      _describe command commands
      ${words[0] === undefined ? ':' : other}
      ;;
    arguments)
      case $line[1] in
${cases.join('\n')}
        *) ${other} ;;
      esac
      ;;
  esac
}`;
}

function optionSpecs({ names, description, value }: CompletedOption): string[] {
  const exclusive = names.length > 1 ? `(${names.join(' ')})` : '';
  const text = description.replace(/[[\]:]/g, (character) => `\\${character}`);
  const action = value === undefined ? '' : `:value:${actionOf(value)}`;
  return names.map((name) => quote(`${exclusive}${name}[${text}]${action}`));
}

function wordSpec(word: CompletedWord, place: string): string {
  return quote(`${place}:${word.kind}:${actionOf(word)}`);
}

function actionOf({ kind, choices }: CompletedWord): string {
  switch (kind) {
    case 'job':
      return '_yeoul_jobs';
    case 'file':
      return '_files';
    case 'folder':
      return '_files -/';
    case 'choice':
      return `(${choices.join(' ')})`;
    case 'free':
      return ' ';
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
