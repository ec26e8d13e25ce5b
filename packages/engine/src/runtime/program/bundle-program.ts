// Bundles a program and everything it imports into one CommonJS file, with `yeoul` left to the engine that loads it.
import { access, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { build as esbuildBuild, Message } from 'esbuild';
import { appError } from '../../errors.ts';

export interface ProgramBundle {
  /** Absolute path of the bundle, with its source map in it. */
  readonly bundlePath: string;
}

/** Bundling that is under way in a process of its own. */
export interface BegunBundle {
  readonly sourcePath: string;
  /** The bundle's content. Rejects with PROGRAM_NOT_PARSABLE; nobody has to listen. */
  readonly code: Promise<Uint8Array>;
}

/**
 * @param sourcePath a TypeScript or JavaScript module, or its bundle that was begun before
 * @param outputDirectory where the bundle goes; made when missing
 * @throws PROGRAM_NOT_READABLE, PROGRAM_NOT_PARSABLE (with file, line and what is wrong)
 */
export async function bundleProgram(sourcePath: string | BegunBundle, outputDirectory: string): Promise<ProgramBundle> {
  const begun = typeof sourcePath === 'string' ? await beginBundle(sourcePath) : sourcePath;
  const bundlePath = join(resolve(outputDirectory), fileNameOf(begun.sourcePath));
  const code = await begun.code;
  await mkdir(dirname(bundlePath), { recursive: true });
  await writeFile(bundlePath, code);
  return { bundlePath };
}

/** Resolves as soon as the bundler is at it: best before the process has grown, which makes another one slow to start. @throws PROGRAM_NOT_READABLE */
export async function beginBundle(sourcePath: string): Promise<BegunBundle> {
  const source = resolve(sourcePath);
  await access(source).catch((cause) => {
    throw appError('PROGRAM_NOT_READABLE', [sourcePath, (cause as NodeJS.ErrnoException).code ?? cause], { cause });
  });
  const { build } = await import('esbuild'); // slots and drivers never bundle
  const code = bundle(build, source, sourcePath);
  code.catch(() => undefined);
  return { sourcePath, code };
}

function fileNameOf(sourcePath: string): string {
  return `${basename(resolve(sourcePath)).replace(/\.[cm]?[jt]sx?$/, '')}.cjs`;
}

async function bundle(build: typeof esbuildBuild, source: string, sourcePath: string): Promise<Uint8Array> {
  try {
    const { outputFiles } = await build({
      entryPoints: [source],
      // The same bytes wherever it is called from: comments name files as seen from here.
      absWorkingDir: dirname(source),
      // Beside the source, though it is not written there: the source map then names files as seen from the program's folder.
      outfile: join(dirname(source), fileNameOf(source)),
      write: false,
      bundle: true,
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      external: ['yeoul', 'yeoul/*'],
      sourcemap: 'inline',
      sourcesContent: true,
      keepNames: true,
      legalComments: 'none',
      logLevel: 'silent',
    });
    return (outputFiles[0] as { contents: Uint8Array }).contents;
  } catch (cause) {
    throw appError(
      'PROGRAM_NOT_PARSABLE',
      [sourcePath, describeMessages((cause as { errors?: Message[] }).errors ?? [], dirname(source))],
      { cause },
    );
  }
}

/** What the bundler says of two mistakes that newcomers make is about its formats, not about programs. */
function nextStepOf(text: string): string {
  if (text.startsWith('Top-level await')) {
    return '"await" stands outside of a function: put the job into one, export default async (env) => { … }';
  }
  return text.startsWith('Could not resolve') ? `${text} (is it installed? is the path right?)` : text;
}

/** Errors shown at most; the rest are counted. */
const MAX_SHOWN = 5;

/** @param folder that the messages' files are relative to; users see them from where they are */
function describeMessages(messages: readonly Message[], folder: string): string {
  const shown = messages.slice(0, MAX_SHOWN).map(({ text, location }) => {
    const where = location
      ? `${relative('', resolve(folder, location.file))}:${location.line}:${location.column + 1}: `
      : '';
    return `${where}${nextStepOf(text)}`;
  });
  const more = messages.length - shown.length;
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '');
}
