// Runs a scenario: starts the engine on one data directory again and again, kills it, raises the source's limit, and looks at the output.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Chance } from './chance.ts';
import { RunFiles } from './files.ts';
import { checkOutput, duplicatesIn, type OracleReport } from './oracle.ts';
import type { KillScenario } from './scenario.ts';

export interface KillsReport extends OracleReport {
  readonly directory: string;
  readonly processKills: number;
  /** Failures inside, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly durationMs: number;
}

export interface RunKillsOptions {
  /** Root of the repository: its built package is run. */
  readonly root: string;
  readonly onProgress: (text: string) => void;
  readonly monotonicMs: () => number;
}

const LIMIT_INTERVAL_MS = 50;
const PROGRESS_EVERY_KILLS = 10;

/** The run's directory is removed when everything held. */
export async function runKills(scenario: KillScenario, options: RunKillsOptions): Promise<KillsReport> {
  const directory = await mkdtemp(join(tmpdir(), 'yeoul-kills-'));
  const report = await new KillsRun(scenario, options, directory).run();
  if (report.problems.length === 0) await rm(directory, { recursive: true, force: true });
  return report;
}

class KillsRun {
  readonly #scenario: KillScenario;
  readonly #options: RunKillsOptions;
  readonly #files: RunFiles;
  readonly #chance: Chance;
  readonly #startedMs: number;
  #lives = 0;
  #processKills = 0;
  #limit = 0;

  constructor(scenario: KillScenario, options: RunKillsOptions, directory: string) {
    this.#scenario = scenario;
    this.#options = options;
    this.#files = new RunFiles(directory);
    this.#chance = new Chance([scenario.seed]);
    this.#startedMs = options.monotonicMs();
  }

  async run(): Promise<KillsReport> {
    mkdirSync(this.#files.output, { recursive: true });
    this.#files.setArmed(true);
    this.#files.writeLimit({ records: 0, isFinal: false });
    const problems: string[] = [];
    let told = 0;
    while (this.#kills < this.#scenario.kills && problems.length === 0) {
      problems.push(...(await this.#liveAndDie()));
      if (this.#kills < told + PROGRESS_EVERY_KILLS) continue;
      told = this.#kills;
      problems.push(...duplicatesIn(this.#files.output).map((id) => `twice while it ran: ${id}`));
      this.#tell();
    }
    this.#files.setArmed(false);
    if (problems.length === 0) problems.push(...(await this.#finish()));
    return this.#report(problems);
  }

  get #kills(): number {
    return this.#processKills + this.#files.faults().length;
  }

  get #elapsedMs(): number {
    return this.#options.monotonicMs() - this.#startedMs;
  }

  /** One life of the process, to its violent end. */
  async #liveAndDie(): Promise<string[]> {
    const [leastMs, mostMs] = this.#scenario.processLifeMs;
    const engine = this.#start();
    const ended = exitOf(engine);
    const untilMs = this.#options.monotonicMs() + leastMs + this.#chance.below(mostMs - leastMs);
    while (this.#options.monotonicMs() < untilMs && engine.exitCode === null) {
      this.#raiseLimit();
      await wait(LIMIT_INTERVAL_MS);
      if (this.#kills >= this.#scenario.kills) break;
    }
    if (engine.exitCode !== null) return [`the engine ended by itself with code ${engine.exitCode}`];
    engine.kill('SIGKILL');
    this.#processKills += 1;
    await ended;
    return this.#elapsedMs > this.#scenario.timeoutMs ? ['the run took too long'] : [];
  }

  /** Nobody fails any more: the job must come to its end. */
  async #finish(): Promise<string[]> {
    this.#files.writeLimit({ records: this.#limit, isFinal: true });
    const engine = this.#start();
    const code = await Promise.race([exitOf(engine), this.#timeout()]);
    if (code === 0) return [];
    engine.kill('SIGKILL');
    return [code === undefined ? 'the job did not end' : `the job ended with code ${code}`];
  }

  #timeout(): Promise<undefined> {
    return wait(Math.max(30_000, this.#scenario.timeoutMs - this.#elapsedMs), undefined, { ref: false });
  }

  #start(): ChildProcess {
    const { root } = this.#options;
    const { data, directory } = this.#files;
    this.#files.writeLife(++this.#lives);
    const program = fileURLToPath(new URL('job.ts', new URL('soak/kills/', `file://${root}/`)));
    const command = join(root, 'packages/yeoul/bin/yeoul.js');
    const flags = ['--data-dir', data, '--slots', String(this.#scenario.parallelism), '--program', program];
    const args = [command, 'start', '--no-rest', ...flags, directory, JSON.stringify(this.#scenario)];
    const engine = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const log = createWriteStream(join(directory, `engine-${this.#lives}.log`));
    engine.stdout.pipe(log);
    engine.stderr.pipe(log);
    return engine;
  }

  #raiseLimit(): void {
    this.#limit += Math.ceil((this.#scenario.recordsPerSecond * LIMIT_INTERVAL_MS) / 1000);
    this.#files.writeLimit({ records: this.#limit, isFinal: false });
  }

  #tell(): void {
    const { kills } = this.#scenario;
    this.#options.onProgress(
      `${this.#kills} of ${kills} kills (${this.#processKills} of the process), ${this.#limit} records per partition, ${Math.round(this.#elapsedMs / 1000)} s`,
    );
  }

  #report(problems: readonly string[]): KillsReport {
    const { partitions, keys } = this.#scenario;
    const faults: Record<string, number> = {};
    for (const kind of this.#files.faults()) faults[kind] = (faults[kind] ?? 0) + 1;
    const found = checkOutput({ output: this.#files.output, partitions, keys, recordsPerPartition: this.#limit });
    return {
      directory: this.#files.directory,
      processKills: this.#processKills,
      faults,
      durationMs: this.#elapsedMs,
      records: found.records,
      problems: [...problems, ...found.problems],
    };
  }
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}
