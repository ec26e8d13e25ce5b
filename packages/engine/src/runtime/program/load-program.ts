// Loads a bundled program. Its `yeoul` imports are answered with the engine's own modules, so that program and engine share
// classes; Node's own modules are let through; everything else is in the bundle.
import { readFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import vm from 'node:vm';
import { appError } from '../../errors.ts';

/** The engine's modules by the specifier programs import them with; loaded when a program asks. */
export type EngineModules = Readonly<Record<string, () => Promise<unknown>>>;

export type ProgramExports = Readonly<Record<string, unknown>>;

/**
 * @param programConsole what the program's `console` is
 * @throws PROGRAM_NOT_READABLE, PROGRAM_FAILED_TO_LOAD, PROGRAM_MODULE_UNKNOWN
 */
export async function loadProgram(
  bundlePath: string,
  modules: EngineModules,
  programConsole: Console,
): Promise<ProgramExports> {
  const code = await readFile(bundlePath, 'utf8').catch((cause) => {
    throw appError('PROGRAM_NOT_READABLE', [bundlePath, cause.code ?? cause], { cause });
  });
  const provided = await importModules(code, modules);
  const require = createProgramRequire(bundlePath, provided, Object.keys(modules));
  const module: { exports: ProgramExports } = { exports: {} };
  try {
    const run = vm.compileFunction(code, ['exports', 'require', 'module', '__filename', '__dirname', 'console'], {
      filename: bundlePath,
    });
    run(module.exports, require, module, bundlePath, '', programConsole);
  } catch (cause) {
    throw appError('PROGRAM_FAILED_TO_LOAD', [bundlePath, cause instanceof Error ? cause.message : cause], { cause });
  }
  return module.exports;
}

/** Only what the program names is loaded: connectors bring heavy dependencies. */
async function importModules(code: string, modules: EngineModules): Promise<Map<string, unknown>> {
  const provided = new Map<string, unknown>();
  for (const [specifier, load] of Object.entries(modules)) {
    if (code.includes(`require("${specifier}")`)) provided.set(specifier, await load());
  }
  return provided;
}

function createProgramRequire(bundlePath: string, provided: ReadonlyMap<string, unknown>, known: readonly string[]) {
  const nodeRequire = createRequire(bundlePath);
  return (specifier: string): unknown => {
    if (provided.has(specifier)) return provided.get(specifier);
    if (isBuiltin(specifier)) return nodeRequire(specifier);
    throw appError('PROGRAM_MODULE_UNKNOWN', [specifier, known.join(', ')]);
  };
}
