// Completion for fish: one `complete` line for each command and option.
import { type CompletedCommand, type CompletedOption, type CompletedWord, flatten } from './command-tree.ts';

export function fishScript(root: CompletedCommand): string {
  return `# Completion of yeoul for fish.  Use:  yeoul completion fish | source
function __yeoul_jobs
    yeoul list --quiet 2>/dev/null
end

complete -c yeoul -f
${flatten(root).flatMap(commandLines).join('\n')}
`;
}

function commandLines(command: CompletedCommand): string[] {
  const isHere = condition(command);
  return [
    ...command.commands.map(({ names, description }) =>
      line(isHere, `-a ${quote(names[0] ?? '')} -d ${quote(description)}`),
    ),
    ...command.options.map((option) => line(isWithin(command), optionPart(option))),
    ...command.words.slice(0, 1).flatMap((word) => wordParts(word).map((part) => line(isWithin(command), part))),
  ];
}

function line(isHere: string, rest: string): string {
  return `complete -c yeoul -n ${quote(isHere)} ${rest}`;
}

/** Its own commands can follow. */
function condition({ path, names: own, commands }: CompletedCommand): string {
  if (path === '') return '__fish_use_subcommand';
  const names = commands.flatMap((child) => child.names).join(' ');
  return `${seen(path, own)}${names === '' ? '' : `; and not __fish_seen_subcommand_from ${names}`}`;
}

function isWithin(command: CompletedCommand): string {
  return command.path === '' ? '__fish_use_subcommand' : condition(command);
}

/** @param names of the command itself: an alias will do */
function seen(path: string, names: readonly string[]): string {
  const parents = path.split(' ').slice(0, -1);
  return [...parents, names.join(' ')].map((name) => `__fish_seen_subcommand_from ${name}`).join('; and ');
}

function optionPart({ names, description, value }: CompletedOption): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  // -x: nothing but these; files only where a file stands.
  const action = value === undefined ? [] : [value.kind === 'file' ? '-r' : '-x', ...wordParts(value)];
  return [...flags, `-d ${quote(description)}`, ...action].join(' ');
}

function wordParts({ kind, choices }: CompletedWord): string[] {
  switch (kind) {
    case 'job':
      return ["-a '(__yeoul_jobs)'"];
    case 'file':
      return ['-F'];
    case 'folder':
      return ["-a '(__fish_complete_directories)'"];
    case 'choice':
      return [`-a ${quote(choices.join(' '))}`];
    case 'free':
      return [];
  }
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
