import { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { Account, AccountsModule, AccountsService } from '#accounts';
import { systemActor } from '#kernel';
import { Message, MessageKinds, type Wording } from '#notifications';
import type { Settings } from '#settings';
import { MovableClock } from './clock.js';
import { startLibs } from './libs.js';

/** Good for any account; blocked by no rule. */
export const passphrase = 'violet harbor trumpet mosaic';

/** The accounts lib on a database of its own, without HTTP. */
export interface TestAccounts {
  settings: Settings;
  clock: MovableClock;
  get<T>(token: new (...parts: never[]) => T): T;
  sql<Row extends object>(statement: string, values?: unknown[]): Promise<Row[]>;
  /** A new active account with `passphrase`. */
  account(userName: string, others?: { passphrase?: string; email?: string }): Promise<Account>;
  /** Words the newest message of a kind as the delivery does. */
  mail(kind: string): Promise<Wording>;
  /** The token in the newest mail of a kind. */
  token(kind: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startAccounts(): Promise<TestAccounts> {
  const clock = new MovableClock();
  const { app, settings, close } = await startLibs([AccountsModule], { clock });
  const em = (): EntityManager => app.get(MikroORM).em.fork() as EntityManager;
  const mail = (kind: string): Promise<Wording> =>
    em().transactional(async (inner) => {
      const [message] = await inner.find(Message, { kind }, { orderBy: { queuedAt: 'desc' }, limit: 1 });
      if (!message) throw new Error(`no message of kind ${kind}`);
      await inner.execute(`update message set state = 'sent' where id = ?`, [message.id]);
      return app.get(MessageKinds).named(kind).word(message, { em: inner, forMail: true });
    });
  return {
    settings,
    clock,
    get: (token) => app.get(token as never),
    sql: (statement, values = []) => em().execute(statement, values) as never,
    account: async (userName, others = {}) => {
      const accounts = app.get(AccountsService);
      const email = others.email ?? `${userName}@acadia.example.org`;
      const id = await accounts.add(systemActor, {
        userName,
        firstName: 'Odette',
        lastName: 'Fontenot',
        email,
        passphrase: others.passphrase ?? passphrase,
      });
      return (await accounts.find(id))!;
    },
    mail,
    token: async (kind) => new URL((await mail(kind)).action!.address).searchParams.get('token')!,
    stop: close,
  };
}
