import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Selection } from '../dead-letters/selection.ts';
import { allOf, type Filter, parseCondition } from '../facts/filter.ts';
import { OperatorError } from '../failure.ts';
import { parseDuration, parseMoment, type TimeRange } from '../moment.ts';

/** The options by which every command is told where to connect to. */
export function withDestination(command: Command): Command {
  return command
    .optionsGroup('Where to connect to:')
    .addOption(new Option('--stage <name>', 'the stage').env('FACTBUS_STAGE').default('dev'))
    .option('--profile <name>', "a profile of AWS's own files (as AWS_PROFILE)")
    .option('--region <name>', 'an AWS region (as AWS_REGION)')
    .option('--endpoint-url <url>', "another address than AWS's (as AWS_ENDPOINT_URL)")
    .option('--local', 'the local AWS of this checkout');
}

/** Output for programs. */
export function withJson(command: Command, what = 'JSON on standard output, and nothing else there'): Command {
  return command.option('--json', what);
}

/** For what changes something. */
export function withAgreement(command: Command): Command {
  return command.option('--dry-run', 'show what would be done, and do nothing').option('-y, --yes', 'do not ask');
}

export interface Agreement {
  readonly dryRun?: true;
  readonly yes?: true;
}

/** The options that choose dead letters. */
export function withSelection(command: Command, nowMs: () => number): Command {
  return command
    .optionsGroup('Which letters (all that is given must fit):')
    .option('--reason <reason>', 'failed for this; may be repeated, or a list with commas', list)
    .option('--type <fact>', 'of this fact; may be repeated, or a list with commas', list)
    .option('--id <id>', 'this message or event; may be repeated, or a list with commas', list)
    .option(
      '--since <time>',
      'failed at or after: 2026-01-31T12:00:00Z, 2026-01-31, or how long ago (2h)',
      moment(nowMs),
    )
    .option('--until <time>', 'failed at or before', moment(nowMs))
    .option('--where <condition>', 'whose data fits: total>1000, lines.*.sku=mug-blue; may be repeated', condition);
}

export interface SelectionOptions {
  readonly reason?: readonly string[];
  readonly type?: readonly string[];
  readonly id?: readonly string[];
  readonly since?: number;
  readonly until?: number;
  readonly where?: readonly Filter[];
}

/** What the options choose. */
export function selectionOf({ reason, type, id, where, ...range }: SelectionOptions): Selection {
  return {
    ...(reason && { reasons: reason }),
    ...(type && { types: type }),
    ...(id && { ids: id }),
    ...(where && { where: allOf(where) }),
    ...rangeOf(range),
  };
}

/** The time that the options choose. */
export function rangeOf({ since, until }: { readonly since?: number; readonly until?: number }): TimeRange {
  return { ...(since !== undefined && { sinceMs: since }), ...(until !== undefined && { untilMs: until }) };
}

/** Reads an option that may be repeated, or hold a list. */
export function list(text: string, before: readonly string[] = []): readonly string[] {
  return [
    ...before,
    ...text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  ];
}

export function condition(text: string, before: readonly Filter[] = []): readonly Filter[] {
  return [...before, argument(() => parseCondition(text))];
}

export function moment(nowMs: () => number): (text: string) => number {
  return (text) => argument(() => parseMoment(text, nowMs()));
}

export function duration(text: string): number {
  return argument(() => parseDuration(text));
}

/** Reads a whole number from 1. */
export function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1.');
  return Number(text);
}

/** Reads a rate a second. */
export function rate(text: string): number {
  if (text === 'unlimited') return Number.POSITIVE_INFINITY;
  const perSecond = Number(text);
  if (!(perSecond > 0 && perSecond <= 3_000)) {
    throw new InvalidArgumentError('Give how many a second, more than 0 and up to 3000, or "unlimited".');
  }
  return perSecond;
}

/** What cannot be meant is told together with the option that it was given for. */
function argument<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof OperatorError) throw new InvalidArgumentError([error.message, ...error.remedies].join(' '));
    throw error;
  }
}
