import { MikroOrmModule } from '@mikro-orm/nestjs';
import { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { Test } from '@nestjs/testing';
import type { SessionData } from 'express-session';
import { databaseOptions } from '#database';
import { Clock, hours, KernelModule, minutes, newId, newToken, sha256 } from '#kernel';
import { MovableClock } from '../../../test/support/clock.js';
import { freshDatabase } from '../../../test/support/database.js';
import { testSettings } from '../../../test/support/settings.js';
import { SessionStore } from './index.js';

describe('sessions', () => {
  const clock = new MovableClock();
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let store: SessionStore;
  let em: EntityManager;
  let close: () => Promise<void>;

  beforeAll(async () => {
    database = await freshDatabase();
    const settings = testSettings(database.url);
    const app = await Test.createTestingModule({
      imports: [KernelModule.with(settings, { clock }), MikroOrmModule.forRoot(databaseOptions(settings))],
      providers: [
        {
          provide: SessionStore,
          inject: [EntityManager, Clock],
          useFactory: (em: EntityManager, clock: Clock) => new SessionStore(em, clock),
        },
      ],
    }).compile();
    await app.init();
    store = app.get(SessionStore);
    em = app.get(MikroORM).em.fork();
    close = () => app.close();
  });
  afterAll(async () => {
    await close?.();
    await database?.drop();
  });

  const get = (id: string): Promise<SessionData | null> =>
    new Promise((resolve, reject) =>
      store.get(id, (fault, value) => (fault ? reject(fault as Error) : resolve(value ?? null))),
    );
  const set = (id: string, session: SessionData): Promise<void> =>
    new Promise((resolve, reject) => store.set(id, session, (fault) => (fault ? reject(fault as Error) : resolve())));
  const touch = (id: string, session: SessionData): Promise<void> =>
    new Promise((resolve) => store.touch(id, session, () => resolve()));
  const destroy = (id: string): Promise<void> => new Promise((resolve) => store.destroy(id, () => resolve()));

  const begin = async (more: Partial<SessionData> = {}): Promise<string> => {
    const id = newToken();
    await set(id, {
      cookie: {} as SessionData['cookie'],
      accountId: newId(),
      authTime: Math.floor(clock.now().getTime() / 1000),
      ...more,
    });
    return id;
  };

  it('SE-1 a copy of the table opens no session', async () => {
    const id = await begin();
    expect(await get(id)).toMatchObject({ accountId: expect.any(String) });
    const rows = await em.execute<{ id_hash: string }[]>('select * from web_session');
    expect(JSON.stringify(rows)).not.toContain(id);
    for (const row of rows) expect(await get(row.id_hash)).toBeNull();
    expect(rows.map((row) => row.id_hash)).toContain(sha256(id));
  });

  it('SE-3 ends after 30 minutes without a request, lives on with them', async () => {
    const [left, used] = [await begin(), await begin()];
    clock.advance(minutes(29));
    const session = await get(used);
    expect(session).not.toBeNull();
    await touch(used, session!);
    clock.advance(minutes(2));
    expect(await get(left)).toBeNull();
    expect(await get(used)).not.toBeNull();
    expect(await em.execute('select 1 from web_session where id_hash = ?', [sha256(left)])).toHaveLength(0);
  });

  it.each([
    ['it began', {}],
    ['the passphrase was typed', { authTime: Math.floor(Date.now() / 1000) - 6 * 3600 }],
  ])('SE-3 ends 12 hours after %s, however busy', async (_, more) => {
    const start = clock.now().getTime();
    const authTime = 'authTime' in more ? Math.floor(start / 1000) - 6 * 3600 : Math.floor(start / 1000);
    const id = await begin({ authTime });
    const left = authTime * 1000 + hours(12) - start;
    for (let passed = minutes(20); passed < left; passed += minutes(20)) {
      clock.advance(minutes(20));
      const session = await get(id);
      expect(session).not.toBeNull();
      await touch(id, session!);
    }
    clock.advance(minutes(20));
    expect(await get(id)).toBeNull();
  });

  it('SE-4 a request under way when its session ended does not bring it back', async () => {
    const id = await begin();
    const session = (await get(id))!;
    await destroy(id);
    await set(id, session);
    await touch(id, session);
    expect(await get(id)).toBeNull();
  });

  it('who is signed in never changes within a session', async () => {
    const id = await begin();
    const session = (await get(id))!;
    const { accountId } = session;
    await set(id, { ...session, accountId: newId(), returnTo: '/x' } as SessionData);
    expect(await get(id)).toMatchObject({ accountId, returnTo: '/x' });
  });

  it('clears away sessions nobody came back to', async () => {
    await Promise.all([begin(), begin(), begin()]);
    clock.advance(minutes(31));
    await begin();
    expect(await em.execute('select 1 from web_session')).toHaveLength(1);
  });
});
