// Bundles a program and everything it imports into one CommonJS file, with `yeoul` left to the engine that loads it.
import { access, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Message } from 'esbuild';
import { appError } from '../../errors.ts';

export interface ProgramBundle {
  /** Absolute path of the bundle, with its source map in it. */
  readonly bundlePath: string;
}

/**
 * @param sourcePath a TypeScript or JavaScript module
 * @param outputDirectory where the bundle goes; made when missing
 * @throws PROGRAM_NOT_READABLE, PROGRAM_NOT_PARSABLE (with file, line and what is wrong)
 */
export async function bundleProgram(sourcePath: string, outputDirectory: string): Promise<ProgramBundle> {
  const source = resolve(sourcePath);
  await access(source).catch((cause) => {
    throw appError('PROGRAM_NOT_READABLE', [sourcePath, (cause as NodeJS.ErrnoException).code ?? cause], { cause });
  });
  const fileName = `${basename(source).replace(/\.[cm]?[jt]sx?$/, '')}.cjs`;
  const bundlePath = join(resolve(outputDirectory), fileName);
  const code = await bundle(source, fileName, sourcePath);
  await mkdir(dirname(bundlePath), { recursive: true });
  await writeFile(bundlePath, code);
  return { bundlePath };
}

async function bundle(source: string, fileName: string, sourcePath: string): Promise<Uint8Array> {
  const { build } = await import('esbuild'); // slots and drivers never bundle
  try {
    const { outputFiles } = await build({
      entryPoints: [source],
      // The same bytes wherever it is called from: comments name files as seen from here.
      absWorkingDir: dirname(source),
      // Beside the source, though it is not written there: the source map then names files as seen from the program's folder.
      outfile: join(dirname(source), fileName),
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

/** Errors shown at most; the rest are counted. */
const MAX_SHOWN = 5;

/** @param folder that the messages' files are relative to; users see them from where they are */
function describeMessages(messages: readonly Message[], folder: string): string {
  const shown = messages.slice(0, MAX_SHOWN).map(({ text, location }) => {
    const where = location
      ? `${relative('', resolve(folder, location.file))}:${location.line}:${location.column + 1}: `
      : '';
    return `${where}${text}`;
  });
  const more = messages.length - shown.length;
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '');
}
