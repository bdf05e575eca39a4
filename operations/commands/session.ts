import { homedir } from 'node:os';
import path from 'node:path';
import type { Clock } from '../../functions/backbone/clock.ts';
import type { IdGenerator } from '../../functions/backbone/ids.ts';
import type { Catalogue } from '../catalogue.ts';
import { type Connection, connect, type Destination, describeConnection } from '../connection.ts';
import type { Exit } from '../failure.ts';
import type { Streams, Terminal } from '../terminal/terminal.ts';

/** What every command works with. */
export interface Session {
  readonly terminal: Terminal;
  readonly stdin: Streams['stdin'];
  readonly environment: NodeJS.ProcessEnv;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  /** Aborted by Ctrl-C and by a signal to end: what is under way is finished, and nothing more begun. */
  readonly signal: AbortSignal;
}

/** What becomes of a command's work once its words were understood: it is done, and its exit code kept. */
export type Run = (work: () => Promise<Exit>) => Promise<void>;

/** Connects, and says where. */
export async function connected({ terminal, environment }: Session, destination: Destination): Promise<Connection> {
  const connection = await connect(destination, environment);
  terminal.say(terminal.paintSaid('dim', describeConnection(connection)));
  return connection;
}

/** Where commands keep what must survive them: `FACTBUS_STATE`, or a folder of the user's. */
export function stateFolder(environment: NodeJS.ProcessEnv): string {
  if (environment.FACTBUS_STATE) return path.resolve(environment.FACTBUS_STATE);
  return path.join(environment.XDG_STATE_HOME || path.join(homedir(), '.local', 'state'), 'factbus');
}
