// What the run and its job tell each other, by files in the run's directory: they outlive everything that is killed.
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class RunFiles {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  get output(): string {
    return join(this.directory, 'output');
  }

  get data(): string {
    return join(this.directory, 'data');
  }

  /** Records of each partition that may be read; the source ends there once it is final. */
  writeLimit(limit: { readonly records: number; readonly isFinal: boolean }): void {
    this.#replace('limit', JSON.stringify(limit));
  }

  readLimit(): { readonly records: number; readonly isFinal: boolean } {
    return JSON.parse(readFileSync(this.#path('limit'), 'utf8'));
  }

  /** Processes started so far. */
  writeLife(life: number): void {
    this.#replace('life', String(life));
  }

  readLife(): number {
    return Number(readFileSync(this.#path('life'), 'utf8'));
  }

  /** While armed, the job's functions fail. */
  setArmed(isArmed: boolean): void {
    this.#replace('armed', isArmed ? 'yes' : 'no');
  }

  get isArmed(): boolean {
    return readFileSync(this.#path('armed'), 'utf8') === 'yes';
  }

  logFault(kind: string): void {
    appendFileSync(this.#path('faults'), `${kind}\n`);
  }

  faults(): readonly string[] {
    if (!existsSync(this.#path('faults'))) return [];
    return readFileSync(this.#path('faults'), 'utf8').trimEnd().split('\n');
  }

  #replace(name: string, content: string): void {
    writeFileSync(`${this.#path(name)}.new`, content);
    renameSync(`${this.#path(name)}.new`, this.#path(name));
  }

  #path(name: string): string {
    return join(this.directory, name);
  }
}
