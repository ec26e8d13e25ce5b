// yeoul completion: a script that completes commands, options, jobs and files in a shell.
import { Argument, type Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { bashScript } from '../completion/bash-script.ts';
import { toCommandTree } from '../completion/command-tree.ts';
import { fishScript } from '../completion/fish-script.ts';
import { zshScript } from '../completion/zsh-script.ts';
import { ExitCode } from '../exit-codes.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;
type Shell = keyof typeof scripts;

export function addCompletionCommand(program: Command, context: CommandContext): void {
  program
    .command('completion')
    .description('print a script that completes commands, options and jobs in your shell')
    .addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(scripts)))
    .addHelpText('after', EXAMPLES)
    .action((shell: Shell) => {
      context.stdout.write(scripts[shell](toCommandTree(program)));
      context.exitCode = ExitCode.Ok;
    });
}

const EXAMPLES = `
To have it in every shell:
  bash   echo 'source <(yeoul completion bash)' >> ~/.bashrc
  zsh    echo 'source <(yeoul completion zsh)' >> ~/.zshrc      (after compinit)
  fish   yeoul completion fish > ~/.config/fish/completions/yeoul.fish`;
