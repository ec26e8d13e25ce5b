// Replays scenarios on a server and records what it answers.
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Names } from './names.ts';
import { valuesAt } from './pointer.ts';
import type { Answer, CallStep, ForEachStep, PollStep, Recording, Scenario, Step } from './scenario.ts';

export interface Program {
  readonly jar: string;
  readonly entryClass: string;
}

export interface Target {
  /** "http://127.0.0.1:8081". */
  readonly url: string;
  readonly programs: Readonly<Record<string, Program>>;
  /** Folder of this run. */
  readonly work: string;
  /** URL of a folder for savepoints. */
  readonly savepoints: string;
}

const POLL_MS = 100;
const TIMEOUT_MS = 30_000;

export async function record(scenario: Scenario, target: Target): Promise<Recording> {
  const recorder = new ScenarioRecorder(target);
  for (const step of scenario.steps) await recorder.take(step);
  return { scenario: scenario.name, answers: recorder.answers() };
}

class ScenarioRecorder {
  readonly #target: Target;
  readonly #names = new Names();
  readonly #answers: Answer[] = [];

  constructor(target: Target) {
    this.#target = target;
    this.#names.set('server', target.url);
    this.#names.set('savepoints', target.savepoints);
    this.#names.set('work', target.work);
    for (const [key, { jar, entryClass }] of Object.entries(target.programs)) {
      this.#names.set(`${key}-class`, entryClass);
      this.#names.set(`${key}-jar-name`, basename(jar));
    }
  }

  /** Masked at the end: a name given late stands in earlier answers, too. */
  answers(): Answer[] {
    return this.#answers.map((answer) => this.#names.mask(answer));
  }

  async take(step: Step): Promise<void> {
    if ('pauseMs' in step) await pause(step.pauseMs);
    else if ('poll' in step) await this.#poll(step);
    else if ('forEach' in step) await this.#forEach(step);
    else await this.#call(step);
  }

  async #forEach({ forEach, steps }: ForEachStep): Promise<void> {
    for (const [i, value] of this.#names.list(forEach).entries()) {
      this.#names.set('each', value);
      for (const step of steps) await this.#call(step, `-${i}`);
    }
  }

  async #poll({ poll, label, at, until, timeoutMs = TIMEOUT_MS }: PollStep): Promise<void> {
    let answer: Omit<Answer, 'label'> | undefined;
    for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += POLL_MS) {
      answer = await this.#send({ call: `GET ${poll}` });
      if (isSo(valuesAt(answer.body, at), until)) {
        if (label !== undefined) this.#answers.push({ label, ...answer });
        return;
      }
      await pause(POLL_MS);
    }
    throw new Error(
      `${poll}: ${at} did not become ${JSON.stringify(until)} in ${timeoutMs} ms: ${JSON.stringify(answer?.body)}`,
    );
  }

  async #call(step: CallStep, suffix = ''): Promise<void> {
    const answer = await this.#send(step);
    if (step.label !== undefined) this.#answers.push({ label: step.label + suffix, ...answer });
    if (step.file !== undefined && 'program' in step.file) this.#nameJar(step.file.program, answer.body);
    this.#saveBy(step, answer.body);
    for (const [name, pointer] of Object.entries(step.save ?? {})) {
      const values = valuesAt(answer.body, pointer).map(String);
      if (values.length === 0) throw new Error(`${step.call}: nothing at ${pointer}: ${JSON.stringify(answer)}`);
      for (const [i, value] of values.entries()) this.#names.set(pointer.includes('*') ? `${name}-${i}` : name, value);
    }
  }

  #saveBy({ saveBy = {} }: CallStep, body: unknown): void {
    for (const [name, { entries, by }] of Object.entries(saveBy)) {
      for (const entry of valuesAt(body, entries)) {
        const [id, text] = [...valuesAt(entry, 'id'), ...valuesAt(entry, by)].map(String);
        const suffix = text?.toLowerCase().replace(/[^a-z]+/g, '-');
        this.#names.set(`${name}-${suffix}`, id ?? '');
      }
    }
  }

  #nameJar(program: string, body: unknown): void {
    const [file] = valuesAt(body, 'filename').map(String);
    if (file === undefined) return;
    this.#names.set(`${program}-file`, file);
    this.#names.set('upload-folder', dirname(file));
    this.#names.set(program, basename(file));
  }

  async #send(step: CallStep): Promise<Omit<Answer, 'label'>> {
    const [method = 'GET', path = '/'] = this.#names.fill(step.call).split(' ');
    const response = await fetch(this.#target.url + path, { method, ...(await this.#body(step)) });
    const text = await response.text();
    this.#nameMadeUp(text);
    return {
      request: `${method} ${path}`,
      status: response.status,
      contentType: response.headers.get('content-type'),
      body: parse(text),
    };
  }

  async #body({ json, text, file }: CallStep): Promise<RequestInit> {
    const headers = { 'content-type': 'application/json' };
    if (json !== undefined) return { headers, body: JSON.stringify(this.#names.fillAll(json)) };
    if (text !== undefined) return { headers, body: text };
    if (file === undefined) return {};
    const form = new FormData();
    if ('program' in file) {
      const { jar } = this.#target.programs[file.program] as Program;
      form.append('jarfile', new Blob([new Uint8Array(await readFile(jar))]), basename(jar));
    } else form.append('jarfile', new Blob([file.contents]), file.name);
    return { body: form };
  }

  /** Plans get a new job id with each request. */
  #nameMadeUp(text: string): void {
    for (const [, id] of text.matchAll(/"jid":"([0-9a-f]{32})"/g)) this.#names.set('some-job', id as string);
  }
}

function isSo(values: readonly unknown[], until: PollStep['until']): boolean {
  if ('count' in until) return values.length >= until.count;
  // `undefined` among the values allows for nothing there.
  if ('oneOf' in until) return until.oneOf.includes(values[0]);
  if (values.length === 0) return false;
  if ('every' in until) return values.every((value) => value === until.every);
  return Number(values[0]) >= until.atLeast;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { text: text.slice(0, 2000) };
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
