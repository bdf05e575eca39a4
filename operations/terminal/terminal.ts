import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';
import { EXIT, OperatorError } from '../failure.ts';
import { describeProgress } from './progress.ts';

/** Streams of a process, or of a test. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** How a text is painted. */
export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

/** Work whose end takes a while. */
export interface Progress {
  /** How many are done. */
  at(done: number): void;
  /** Takes the line away. */
  end(): void;
}

/** What takes longer than this is seen at work. */
const PATIENCE_MS = 1_000;
const REDRAW_MS = 200;
/** Where nothing can be drawn over, a line every now and then. */
const LINE_EVERY_MS = 10_000;

/** What is asked for goes to standard output, and all that is said about it to standard error. */
export class Terminal {
  readonly #streams: Streams;
  readonly #now: () => number;
  #drawn = false;

  constructor(streams: Streams, now: () => number = () => performance.now()) {
    this.#streams = streams;
    this.#now = now;
  }

  /** Whether there is somebody to ask. */
  get isInteractive(): boolean {
    return this.#streams.stdin.isTTY === true && this.#streams.stderr.isTTY === true;
  }

  /** Whether a line of the output is only so long. */
  get isLimited(): boolean {
    return this.#streams.stdout.columns !== undefined;
  }

  /** How many characters a line of the output has. */
  get columns(): number {
    return this.#streams.stdout.columns ?? 120;
  }

  /** Puts lines out. */
  print(...lines: readonly string[]): void {
    this.#erase();
    for (const line of lines) this.#streams.stdout.write(`${line}\n`);
  }

  /** Puts a value out for programs. */
  printJson(value: unknown): void {
    this.print(JSON.stringify(value, undefined, 2));
  }

  /** Says something about what is put out. */
  say(...lines: readonly string[]): void {
    this.#erase();
    for (const line of lines) this.#streams.stderr.write(`${line}\n`);
  }

  /** Paints a text of the output, where colours are wanted there: on a terminal, and not with NO_COLOR. */
  readonly paint = (style: Style, text: string): string => {
    return text === '' ? '' : styleText(style, text, { stream: this.#streams.stdout });
  };

  /** Paints a text that is said. */
  readonly paintSaid = (style: Style, text: string): string => {
    return styleText(style, text, { stream: this.#streams.stderr });
  };

  /** Shows how far something is, once it takes longer than a second. */
  progress(title: string, total?: number): Progress {
    const startMs = this.#now();
    const isLive = this.#streams.stderr.isTTY === true;
    let done = 0;
    let spokenMs = startMs;
    const draw = () => {
      const nowMs = this.#now();
      if (nowMs - startMs < PATIENCE_MS || (!isLive && nowMs - spokenMs < LINE_EVERY_MS)) return;
      spokenMs = nowMs;
      const line = describeProgress({ title, done, elapsedMs: nowMs - startMs, ...(total !== undefined && { total }) });
      if (!isLive) this.#streams.stderr.write(`${line}\n`);
      else {
        this.#streams.stderr.write(`\r\x1b[2K${line}`);
        this.#drawn = true;
      }
    };
    const timer = setInterval(draw, REDRAW_MS);
    timer.unref();
    return {
      at: (count) => {
        done = count;
      },
      end: () => {
        clearInterval(timer);
        this.#erase();
      },
    };
  }

  /**
   * Asks for agreement, unless it was given beforehand.
   *
   * @param yes whether it was
   * @throws OperatorError when it is not given, or nobody is there to be asked
   */
  async agree(question: string, yes: boolean, signal?: AbortSignal): Promise<void> {
    if (yes) return;
    if (!this.isInteractive) {
      throw new OperatorError(`${question} Nobody is there to be asked.`, {
        exit: EXIT.declined,
        remedies: ['Agree beforehand with --yes, or see first what would be done with --dry-run.'],
      });
    }
    const answer = await this.ask(`${question} [y/N] `, signal);
    if (!/^y(es)?$/i.test(answer.trim())) throw new OperatorError('Nothing was done.', { exit: EXIT.declined });
  }

  /**
   * Asks a person for a line.
   *
   * @throws OperatorError when they answer with Ctrl-C or Ctrl-D, or the signal comes
   */
  async ask(question: string, signal?: AbortSignal): Promise<string> {
    this.#erase();
    const reader = createInterface({ input: this.#streams.stdin, output: this.#streams.stderr });
    // Without this a question that is not answered would be waited for without end.
    const gone = new AbortController();
    for (const event of ['SIGINT', 'close'] as const) reader.once(event, () => gone.abort());
    try {
      return await reader.question(question, { signal: AbortSignal.any([gone.signal, ...(signal ? [signal] : [])]) });
    } catch (error) {
      if (!(error instanceof Error && error.name === 'AbortError')) throw error;
      this.#streams.stderr.write('\n');
      throw new OperatorError('Stopped before it was answered: nothing was done.', { exit: EXIT.interrupted });
    } finally {
      reader.close();
    }
  }

  #erase(): void {
    if (!this.#drawn) return;
    this.#streams.stderr.write('\r\x1b[2K');
    this.#drawn = false;
  }
}
