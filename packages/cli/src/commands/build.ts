// yeoul build: makes a job jar of a program, for upload to a server.
import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { ExitCode } from '../exit-codes.ts';
import { type MadeJar, makeJar, programStem } from '../make-jar.ts';
import { resolveProgram } from '../resolve-program.ts';
import { UsageError } from '../usage-error.ts';

interface BuildFlags {
  readonly output?: string;
  readonly class?: string;
  readonly name?: string;
  readonly description?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export function addBuildCommand(program: Command, context: CommandContext): void {
  program
    .command('build')
    .description('make a job jar: one file to upload and run, here or on any server')
    .argument('<program>', 'program file, or a folder with one, e.g. examples/word-count')
    .option('-o, --output <file>', 'the jar to write (default: <program>.jar in this folder)')
    .option('-c, --class <entry>', 'entry class that runs when none is asked for (default: the default export)')
    .option('--name <name>', 'name of the job jar, kept in its manifest')
    .option('--description <text>', 'what it does; shown with the entry classes')
    .option('--quiet', 'print nothing but errors')
    .option('--json', 'print what was written as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (named: string, flags: BuildFlags) => {
      context.exitCode = await build(named, flags, context);
    });
}

const EXAMPLES = `
Examples:
  $ yeoul build job.ts -o job.jar
  $ yeoul build examples/word-count --description "Counts words"
  $ curl -F jarfile=@job.jar http://127.0.0.1:8081/jars/upload
Every export of the program that is a function (env, args), or has a main(env, args), becomes an entry class.
The same program makes the same bytes.`;

async function build(named: string, flags: BuildFlags, context: CommandContext): Promise<number> {
  const sourcePath = await resolveProgram(named);
  const output = resolve(flags.output ?? `${programStem(sourcePath)}.jar`);
  if (!output.endsWith('.jar'))
    throw new UsageError(`${flags.output} does not end in .jar, as servers expect it of job jars`);
  const jar = await makeJar(sourcePath, flags, context);
  await writeAtomically(output, jar.bytes);
  if (flags.quiet !== true) report(output, jar, flags, context);
  return ExitCode.Ok;
}

/** A reader sees the old jar or the new one. */
async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function report(output: string, { bytes, description }: MadeJar, flags: BuildFlags, context: CommandContext): void {
  const entries = description.entries.map(({ name }) => name);
  if (flags.json === true) {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    context.stdout.write(`${JSON.stringify({ path: output, sizeBytes: bytes.byteLength, sha256, entries })}\n`);
    return;
  }
  const size = `${(bytes.byteLength / 1024).toFixed(1)} KiB`;
  const classes = entries.length === 1 ? `entry class ${entries[0]}` : `entry classes ${entries.join(', ')}`;
  context.stdout.write(`${flags.output ?? basename(output)}: ${size}, ${classes}\n`);
}
